"""Real reasons of failed charges, each with what is right to do about it, and how many of them the rules get right.

Sorted by hand from what each says, before the rules were run on them. `python -m tests.failure_reasons` prints the
precision and recall.
"""

import sys
from collections import Counter
from collections.abc import Iterator

from services.recovery.reasons import remedy

PAY_DAY, NEXT_DAY, FIRST = "wait pay_day", "wait next_day", "wait first_of_month"
MEND, SHOP, STOP, UNKNOWN = "mend", "shop", "stop", "unknown"
_TOSS = {
    "한도초과 혹은 잔액부족으로 결제에 실패했습니다.": PAY_DAY,
    "잔액부족으로 결제에 실패했습니다.": PAY_DAY,
    "설정 가능한 최대 할부 개월 수를 초과했습니다.": MEND,
    "할부가 지원되지 않는 카드 또는 가맹점 입니다.": MEND,
    "할부 개월 정보가 잘못되었습니다.": MEND,
    "할부가 지원되지 않는 카드입니다.": MEND,
    "하루 결제 가능 횟수를 초과했습니다.": NEXT_DAY,
    "하루 결제 가능 금액을 초과했습니다.": NEXT_DAY,
    "일일 한도를 초과했습니다.": NEXT_DAY,
    "1일 출금 한도를 초과했습니다.": NEXT_DAY,
    "1회 출금 한도를 초과했습니다.": MEND,
    "거래금액 한도를 초과했습니다.": MEND,
    "당월 결제 가능금액인 1,000,000원을 초과 하셨습니다.": FIRST,
    "카드 사용이 거절되었습니다. 카드사 문의가 필요합니다.": MEND,
    "카드 정보를 다시 확인해주세요. (유효기간)": MEND,
    "카드 정보를 다시 확인해주세요. (비밀번호)": MEND,
    "입력하신 주민번호/사업자번호가 카드 소유주 정보와 일치하지 않습니다.": MEND,
    "카드번호를 다시 확인해주세요.": MEND,
    "정지된 카드 입니다.": MEND,
    "분실 혹은 도난 카드입니다.": MEND,
    "최대 인증 횟수를 초과했습니다. 카드사로 문의해주세요.": MEND,
    "유효하지 않은 계좌입니다. 계좌 재등록 후 시도해주세요.": MEND,
    "선택하신 출금 계좌가 출금이체 등록이 되어 있지 않아요. 계좌를 다시 등록해 주세요.": MEND,
    "결제 비밀번호가 일치하지 않습니다.": MEND,
    "빌링키 인증이 완료되지 않았거나 유효하지 않은 빌링 거래 건입니다.": MEND,
    "지원되지 않는 카드 종류입니다.": MEND,
    "카드사에서 오류가 발생했습니다.": NEXT_DAY,
    "은행 서비스 시간이 아닙니다.": NEXT_DAY,
    "결제가 불가능한 시간대입니다": NEXT_DAY,
    "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해주세요.": NEXT_DAY,
    "내부 시스템 처리 작업이 실패했습니다. 잠시 후 다시 시도해주세요.": NEXT_DAY,
    "결제가 완료되지 않았어요. 다시 시도해주세요.": NEXT_DAY,
    "계좌는 등록 후 12시간 뒤부터 결제할 수 있습니다. 관련 정책은 해당 은행으로 문의해주세요.": NEXT_DAY,
    "잘못된 시크릿키 연동 정보 입니다.": SHOP,
    "단말기번호(Terminal Id)가 없습니다. 토스페이먼츠로 문의 바랍니다.": SHOP,
    "등록되지 않은 서브몰입니다. 서브몰이 없는 가맹점이라면 안심클릭이나 ISP 결제가 필요합니다.": SHOP,
    "등록되지 않은 사업자 번호입니다.": SHOP,
    "신용카드는 결제금액이 100원 이상, 계좌는 200원이상부터 결제가 가능합니다.": SHOP,
    "빌링 인증 고객키와 결제 요청 고객키가 일치하지 않습니다.": SHOP,
    "사용자에 의해 결제가 취소되었습니다.": STOP,
    "위험거래가 감지되어 결제가 제한됩니다.": UNKNOWN,
    "결제 승인이 거절되었습니다.": UNKNOWN,
    "결제에 실패했어요. 같은 문제가 반복된다면 은행이나 카드사로 문의해주세요.": UNKNOWN,
    "잘못된 요청입니다.": UNKNOWN,
}
_NICE = {
    "[3011] 카드번호 오류": MEND,
    "[3012] 카드가맹점 정보 미확인": SHOP,
    "[3013] 카드 가맹점 개시 안됨": SHOP,
    "[3014] 카드가맹점 정보 오류": SHOP,
    "[3021] 유효기간 오류": MEND,
    "[3022] 할부개월오류": MEND,
    "[3023] 할부개월 한도 초과": MEND,
    "[3024] 할부 최소금액 오류(50000미만)": MEND,
    "[3031] 무이자할부 카드 아님": MEND,
    "[3033] 무이자할부 가맹점 아님": SHOP,
    "[3041] 금액 오류(1000원 미만 신용카드 승인 불가)": SHOP,
    "[3051] 해외카드 미등록 가맹점": SHOP,
    "[3053] 확인 불가 해외카드": MEND,
    "[3057] 인증 불가카드": MEND,
    "[3091] 제휴카드 사용불가 가맹점": MEND,
    "[3095] 카드사 실패 응답": UNKNOWN,
    "[4001] 금결원오류응답": NEXT_DAY,
    "[4008] 은행 시스템 서비스 중단": NEXT_DAY,
    "[2151] 거래정지 가맹점": SHOP,
    "[2152] 미등록가맹점": SHOP,
    "[2159] 해당은행장애": NEXT_DAY,
    "[F115] 빌키 발급 불가 가맹점입니다.(중지)": SHOP,
    "[F117] 빌링 미사용 가맹점입니다": SHOP,
    "[F118] 해당카드는 사용이 불가능 합니다 타사카드를 이용해주세요": MEND,
    "[A113] 결제 금액이 최소 금액보다 적습니다": SHOP,
    "[A114] 상점 MID가 유효하지 않습니다": SHOP,
    "[A124] 해당 BID가 존재하지 않습니다": MEND,
    "[A126] 이미 삭제된 빌키이거나 존재하지 않은 빌키입니다": MEND,
    "[A128] 키인 가맹점 아닙니다": SHOP,
    "[A223] billKey 정보를 찾을 수 없습니다": MEND,
}
_CARDS_AND_OTHER_PGS = {
    "[8326] 한도초과": PAY_DAY,
    "본인한도초과": PAY_DAY,
    "카드 이용한도 초과": PAY_DAY,
    "할부개월 한도 초과": MEND,
    "1회 결제 한도 초과": MEND,
    "건당 한도 초과": MEND,
    "가맹점 월 한도 초과": SHOP,
    "거래한도초과(가맹점)": SHOP,
    "가맹점 1회 한도 초과": SHOP,
    "[휴대폰] 월 한도를 초과하였습니다.": FIRST,
    "이번 달 결제 한도를 초과하였습니다": FIRST,
    "1일 한도 초과": NEXT_DAY,
    "현재 점검 중 입니다.": NEXT_DAY,
    "카드사 통신장애": NEXT_DAY,
    "카드비밀번호 오류횟수 초과": MEND,
    "거래정지 카드 또는 한도초과": MEND,
    "F0005:결제가 중단되었습니다 | 사용자가 결제를 취소 하였습니다.": STOP,
    "API 호출 권한이 없습니다": SHOP,
    "(PG사 결제 장애) Internal error": UNKNOWN,
    "카드사 승인 거절": UNKNOWN,
}
_ENGLISH = {
    "The card has expired. Please use another card.": MEND,
    "Expired card": MEND,
    "Insufficient funds": PAY_DAY,
    "Not sufficient funds": PAY_DAY,
    "INSUFFICIENT FUNDS/OVER CREDIT LIMIT": PAY_DAY,
    "Exceeds credit limit": PAY_DAY,
    "Lost or stolen card": MEND,
    "Invalid or restricted card": MEND,
    "Invalid card number": MEND,
    "CVV2 failure": MEND,
    "The payer's account is locked or closed.": MEND,
    "Total payment amount exceeded transaction limit.": MEND,
    "Daily limit exceeded": NEXT_DAY,
    "The issuer timed out, please try again later.": NEXT_DAY,
    "The payment was cancelled by the payer.": STOP,
    "Do not honor": UNKNOWN,
    "The instrument presented was declined by the processor or bank.": UNKNOWN,
    "Suspected fraud": UNKNOWN,
    "Session expired": UNKNOWN,
}
_LISTS = {
    "신용카드 1회 한도 초과 오류입니다.": MEND,
    "신용카드 월 한도 초과 오류입니다.": FIRST,
    "신용카드 월 횟수 초과 오류입니다.": FIRST,
    "신용카드 일 횟수 초과 오류입니다.": NEXT_DAY,
    "신용카드 일 한도 초과 오류입니다.": NEXT_DAY,
    "신용카드 할부개월 제한 오류입니다.": MEND,
    "결제승인에 실패하였습니다. [2116]개인 월 한도금액 초과": FIRST,
    "월 이용횟수 초과 오류입니다.": FIRST,
    "일 이용횟수 초과 오류입니다.": NEXT_DAY,
    "연 이용횟수 초과 오류입니다.": UNKNOWN,
    "카드 사용횟수가 초과하였습니다.": NEXT_DAY,
    "한도가 초과하였습니다.": PAY_DAY,
    "기업회원 카드한도 초과 오류입니다.": PAY_DAY,
    "1회 이체한도 초과입니다.": MEND,
    "1일 이체한도 초과입니다.": NEXT_DAY,
    "월이체한도를 초과하였습니다.": FIRST,
    "처리가능잔액이 부족합니다.": PAY_DAY,
    "지급가능잔액(타점권 미결)이 부족": PAY_DAY,
    "지급가능잔액부족（타점권미결）": PAY_DAY,
    "잔액부족으로 거래불가능": PAY_DAY,
    "가맹점 월 한도 초과 오류입니다.": SHOP,
    "가맹점 일 횟수 초과 오류입니다.": SHOP,
    "가맹점 연 한도 초과 오류입니다.": SHOP,
    "가맹점 건당 한도 초과 - 해당 사이트 관리자에게 문의 하세요!!": SHOP,
    "해지 가맹점 입니다.": SHOP,
    "오픈 전 가맹점 입니다.": SHOP,
    "거래 불가한 가맹점입니다.": SHOP,
    "거래제한 가맹점 입니다.": SHOP,
    "비할부 가맹점입니다.": SHOP,
    "사용 중지된 가맹점입니다.": SHOP,
    "단말기ID 오류입니다.": SHOP,
    "업체정보에 이상이 있습니다. 해당 서비스 업체로 문의하여 주십시오.": SHOP,
    "법인 할부 불가 오류입니다.": MEND,
    "무이자 할부 불가 개월수": MEND,
    "50000원 미만은 할부가 불가능 합니다.": MEND,
    "5만원 미만인 경우 할부 지정이 불가 합니다.": MEND,
    "해외카드는 할부 결제가 불가합니다.": MEND,
    "카드정보가 잘못 입력되었습니다. (CVC)": MEND,
    "CVV값 오류 횟수 초과 오류입니다.": MEND,
    "카드 CVC 번호가 올바르지 않습니다. CVC 번호를 확인해주세요.": MEND,
    "일부 카드 정보가 올바르지 않습니다(CVV, 유효기간, 카드번호, 카드 명의자, 비밀번호).": MEND,
    "주민번호 오류입니다.": MEND,
    "주민번호 또는 사업자번호 불일치 합니다.": MEND,
    "계좌정보 또는 생년월일/사업자번호를 바르게 입력해주세요.": MEND,
    "결제자 정보가 일치하지 않습니다.!!": MEND,
    "비밀번호 오류횟수가 초과하였습니다.": MEND,
    "도난/분실 위/변조 카드입니다.": MEND,
    "이용불가 카드입니다.": MEND,
    "해지카드입니다.": MEND,
    "이전 카드는 사용이 불가합니다. 새로 발급받은 카드로 결제 바랍니다.": MEND,
    "해지 또는 취소된 계좌이므로 해당거래를 처리할 수 없습니다.": MEND,
    "지급정지된 계좌": MEND,
    "자동이체 해지되었음(영업점해지)": MEND,
    "고액연체 오류입니다.": MEND,
    "연체된 계좌입니다.": MEND,
    "연체계좌, 한도초과": MEND,
    "[인증실패] 선불요금제 이용 휴대폰은 이용하실 수 없습니다.": MEND,
    "[인증실패] 이동통신사에 일시 사용정지가 등록된 휴대폰번호 입니다.": MEND,
    "시스템 장애입니다. 잠시 후 다시 시도해주세요.": NEXT_DAY,
    "비씨카드 시스템 장애입니다.": NEXT_DAY,
    "체크카드 은행 장애입니다.": NEXT_DAY,
    "상대기관이 장애중입니다.": NEXT_DAY,
    "당행 장애로 인하여 거래를 할 수 없습니다.": NEXT_DAY,
    "응답대기시간경과（시간 초과）": NEXT_DAY,
    "응답시간초과": NEXT_DAY,
    "TIME OUT 또는 지연응답으로 취소되었습니다.": NEXT_DAY,
    "TIME OVER(응답대기시간 경과), 확인 하시기 바랍니다.": NEXT_DAY,
    "개설은행으로 부터 응답이 없습니다.": NEXT_DAY,
    "거래가능 시간이 아닙니다.": NEXT_DAY,
    "개설은행 서비스시간아님": NEXT_DAY,
    "카드사 시스템 점검시간입니다.": NEXT_DAY,
    "네트워크 통신 오류입니다.": NEXT_DAY,
    "다날 휴대폰 통신 오류입니다": NEXT_DAY,
    "체크카드 승인이 불가합니다. (30분 후 거래요망)": NEXT_DAY,
    "[인증실패] 이동통신사 시스템 점검중이므로 잠시후 다시 이용하여 주십시오.": NEXT_DAY,
    "사용자가 결제를 취소하였습니다.": STOP,
    "출금이체 결과 미수신!! [시스템관리자에게 문의하세요~]": UNKNOWN,
    "카드승인 요청 실패!!": UNKNOWN,
    "결제 인증 시간이 만료되었습니다. 다시 시도해 주십시오.": UNKNOWN,
    "인증시간(3분)이 초과되었습니다. 다시 시도해주세요.": UNKNOWN,
    "카드사 인증시간이 초과하였습니다.": UNKNOWN,
    "결제 정책상 고객님의 결제 서비스 이용이 제한됩니다": UNKNOWN,
    "The one-time payment limit has been exceeded. Please contact the administrator.": MEND,
    "The one-month payment limit has been exceeded. Please contact the administrator.": FIRST,
    "The daily payment limit has been exceeded. Please contact the administrator.": NEXT_DAY,
    "Insufficient balance": PAY_DAY,
    "Incorrect card holder": MEND,
    "Incorrect expiration date": MEND,
    "Incorrect security code": MEND,
    "Stolen card": MEND,
    "System error": NEXT_DAY,
    "DM - Error: The request was received but there was a server time-out": NEXT_DAY,
}
"""Lists of PGs, banks and card companies' answers that were not looked at when the rules were first written."""
RIGHT = _TOSS | _NICE | _CARDS_AND_OTHER_PGS | _ENGLISH | _LISTS


def judged(reason: str) -> str:
    """What the rules say, as this table writes it."""
    found = remedy(reason)
    return f"{found.action} {found.until}" if found.until else str(found.action)


def figures() -> Iterator[tuple[str, float, float, int]]:
    """Each class with its precision, its recall and its size."""
    told = {reason: judged(reason) for reason in RIGHT}
    said, wanted = Counter(told.values()), Counter(RIGHT.values())
    hit = Counter(right for reason, right in RIGHT.items() if told[reason] == right)
    for kind in sorted({*said, *wanted}):
        yield kind, hit[kind] / (said[kind] or 1), hit[kind] / (wanted[kind] or 1), wanted[kind]


def report() -> str:
    """A line a class."""
    rows = (f"{kind:<20} precision {p:.2f} recall {r:.2f} of {n}" for kind, p, r, n in figures())
    return "\n".join((f"{len(RIGHT)} reasons", *rows))


if __name__ == "__main__":
    sys.stdout.write(f"{report()}\n")
