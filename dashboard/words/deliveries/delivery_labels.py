"""Deliveries in words: how an escrow payment stands, couriers, what PGs want of a person, what PGs are told."""

from collections.abc import Mapping

from services.escrow.couriers import Courier
from services.tables.escrow import DeliveryState

from dashboard.locale import _
from dashboard.words.labels import Words, once_a_language
from dashboard.words.states import Look, States


@States
def state() -> Mapping[str, Look]:
    """How an escrow payment stands."""
    return {
        DeliveryState.TO_ENTER: Look("!", "orange", _("To enter")),
        DeliveryState.ENTERED: Look("✓", "green", _("Entered")),
    }


@once_a_language
def courier() -> Words:
    """A courier by V1's code."""
    return {
        Courier.CJ.value: _("CJ Logistics"),
        Courier.POST.value: _("Korea Post"),
        Courier.HANJIN.value: _("Hanjin"),
        Courier.LOTTE.value: _("Lotte"),
        Courier.LOGEN.value: _("Logen"),
        Courier.DAESIN.value: _("Daesin"),
        Courier.HANARO.value: _("Hanaro"),
        Courier.SC_LOGIS.value: _("SC Logis"),
        Courier.YELLOW_CAP.value: _("Yellow Cap"),
        Courier.DONGBU.value: _("Dongbu"),
        Courier.OTHER.value: _("Another courier"),
    }


@once_a_language
def person_field() -> Words:
    """What PGs want of sender and receiver."""
    return {
        "name": _("Name"),
        "tel": _("Phone"),
        "postcode": _("Postcode"),
        "addr": _("Address"),
        "address_line_1": _("Address"),
        "address_line_2": _("Rest of the address: floor, flat"),
        "relationship": _("Relationship to the buyer, such as 본인"),
    }


@once_a_language
def payco_status() -> Words:
    """What PAYCO is told of an order."""
    return {"DELIVERY_START": _("Shipped"), "PURCHASE_DECISION": _("Purchase confirmed")}


@once_a_language
def paymentwall_type() -> Words:
    """What was sold by Paymentwall."""
    return {"physical": _("Goods"), "digital": _("Digital content")}


@once_a_language
def paymentwall_status() -> Words:
    """How far a delivery is, as Paymentwall has it."""
    return {
        "order_placed": _("Order placed"),
        "order_shipped": _("Shipped"),
        "delivering": _("On its way"),
        "delivered": _("Delivered"),
    }


@once_a_language
def paymentwall_field() -> Words:
    """What Paymentwall wants of a delivery, by the names of forms."""
    return {
        "carrier_type": _("Carrier"),
        "carrier_tracking_id": _("Tracking number"),
        "email": _("E-mail"),
        "firstname": _("First name"),
        "lastname": _("Last name"),
        "phone": _("Phone"),
        "country": _("Country"),
        "state": _("State (N/A outside of the US)"),
        "city": _("City"),
        "street": _("Street"),
        "zip": _("Postcode"),
    }
