"""The vendor's documented test credentials, which existing V1 clients carry in their own tests."""

IMP_KEY = "imp_apikey"
IMP_SECRET = "ekKoeW8RyKuT0zgaZsUtXXTLQ4AhPFW3ZGseDA6bkA5lamv9OqDMnxyeB9wqOsuO9W3Mx9YSJ4dTqJ3f"  # noqa: S105 - published
PG_API_KEY = "sandbox/INIAPI+key=="
"""What Inicis wants in the address of calls for virtual accounts: made up, with signs that an address escapes."""
