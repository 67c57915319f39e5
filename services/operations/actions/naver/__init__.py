"""What is asked of Naver Pay for a paid order, which no reading shows afterwards: confirming it, crediting points."""
