"""Links by which buyers pay or register a key: made here, opened in the gateway's window, believed when read back.

    open ──► started ──► paid | registered         an attempt: started ──► checking ──► paid | registered
      │         │  ▲                                                │          │   └──► mismatch | surplus (goes back)
      │         ▼  │                                                ▼          ▼
      └──► withdrawn | expired      failed: tried again             failed    waiting (a virtual account)

What a browser, a webhook or a staff member says only makes us read: `verify.py` alone decides.
"""
