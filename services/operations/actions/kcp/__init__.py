"""What KCP alone can: erasing a member of KCP Quick, a payment by Benepia's points."""
