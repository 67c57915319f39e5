"""The sign of a tab: a ledger's page, as an address that needs no request."""

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' "
    "height='32' rx='7' fill='%230B6E4F'/%3E%3Cpath d='M9 8h14M9 14h14M9 20h8' stroke='%23fff' stroke-width='3' "
    "stroke-linecap='round'/%3E%3Ccircle cx='23' cy='22' r='3.5' fill='%23FBBF24'/%3E%3C/svg%3E"
)
