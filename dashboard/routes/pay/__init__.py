"""The pages that a buyer sees: no session, no cookie, no Streamlit; services/checkout says what is true."""
