"""Mail goes encrypted by a server that can be trusted, or not at all; a slow receiver holds nobody up."""

import datetime
import ipaddress
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dashboard.alarms.watch import wake_alarms, watch_alarms
from services.alarms.mail import MailServer, send_mail
from services.alarms.message import Message, NotDelivered, Why
from services.alarms.post import send_webhook
from tests.alarms.conftest import FINANCE, SUPPORT, House
from tests.worlds.servers.hook_server import Hook
from tests.worlds.servers.mail_server import MailBox, taking_mail

HOST, PASSWORD = "127.0.0.2", "canary-of-a-password"
MESSAGE = Message("jangbu-1-1-begin", "[장부] 시험 알림", "알림이 여기로 도착합니다", {})


@pytest.fixture
def certified(tmp_path: Path) -> ssl.SSLContext:
    """A server's own certificate, in the file `trusted.pem`."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.datetime.now(datetime.UTC)
    named = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - datetime.timedelta(1)).add_extension(named, critical=False)
    made = made.not_valid_after(now + datetime.timedelta(9)).add_extension(x509.BasicConstraints(True, None), True)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (tmp_path / "trusted.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    (tmp_path / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "trusted.pem", tmp_path / "key.pem")
    return context


def hand_in(box: MailBox, **more: bool) -> None:
    server = MailServer(
        HOST, box.port, ssl=False, sender="jangbu@shop.example", user="jangbu", password=PASSWORD, **more
    )
    send_mail(server, FINANCE, MESSAGE, 1_700_000_000)


def test_a_password_goes_encrypted_to_a_server_that_is_trusted(
    certified: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    with taking_mail(MailBox(tls=certified, password=PASSWORD), HOST) as box:
        hand_in(box)
    assert box.encrypted == [True]
    (mail,) = box.to(FINANCE)
    assert (mail["Subject"], mail["From"]) == (MESSAGE.title, "jangbu@shop.example")
    assert mail["Message-ID"] == "<jangbu-1-1-begin@shop.example>"
    assert mail["Date"].endswith("+0900")
    assert mail.get_content().strip() == MESSAGE.body


def test_no_password_goes_to_a_server_that_is_not_trusted_or_does_not_encrypt(certified: ssl.SSLContext) -> None:
    for tls in (certified, None):
        with taking_mail(MailBox(tls=tls, password=PASSWORD), HOST) as box, pytest.raises(NotDelivered) as failed:
            hand_in(box)
        assert failed.value.why == Why.NOT_ENCRYPTED
        assert box.signed_in == []


def test_why_it_did_not_arrive_is_told_apart() -> None:
    with taking_mail(MailBox(password="another"), HOST) as box:
        with pytest.raises(NotDelivered) as failed:
            hand_in(box, is_here=True)
        assert failed.value.why == Why.SIGN_IN
    with pytest.raises(NotDelivered) as failed:
        hand_in(box, is_here=True)
    assert failed.value.why == Why.UNREACHABLE
    with taking_mail(MailBox(refuses={FINANCE}, password=PASSWORD), HOST) as box:
        with pytest.raises(NotDelivered) as failed:
            hand_in(box, is_here=True)
        assert failed.value.why == Why.REFUSED


def test_a_webhook_that_leads_elsewhere_is_not_followed(small_house: House) -> None:
    hook: Hook = small_house.hook
    hook.status = 302
    with pytest.raises(NotDelivered) as failed:
        send_webhook(hook.address, MESSAGE)
    assert (failed.value.why, hook.asked) == (Why.REFUSED, 1)


def test_a_receiver_that_hangs_holds_up_neither_the_others_nor_the_end(small_house: House) -> None:
    house, stop = small_house, threading.Event()
    house.hook.hangs.clear()
    house.now = 2_000_000_000  # operations of then, looked at by this machine's clock
    house.ask(state="needs_person")
    loop = threading.Thread(target=watch_alarms, args=(stop, house.engine))
    loop.start()
    wake_alarms()
    assert house.box.arrives(2, 60), "the mail waits for the webhook"
    assert {mail["To"] for mail in house.box.mails} == {FINANCE, SUPPORT}
    assert house.hook.posts == []
    stop.set()
    wake_alarms()
    loop.join(30)
    assert not loop.is_alive(), "the end waits for the webhook"
