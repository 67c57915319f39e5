// The payment SDK of the sandbox. It checks nothing: the sandbox's server gets what the page asks for and says what happens.
(() => {
  "use strict";
  const source = new URL(document.currentScript.src);
  const old = source.pathname.startsWith("/js/");
  if (old && !window.jQuery) {
    console.error("iamport.payment needs jQuery before it");
    return;
  }
  const mobile = /Mobi|Android/i.test(navigator.userAgent);
  const buttons = {};
  let shop = null;
  let popup = null;

  const start = (user_code, tier_code) => {
    if (shop) console.error("IMP.init is called once a page");
    else shop = { user_code, tier_code };
  };

  const request_pay = (param, callback) => {
    // Inside the click, or the browser keeps the window from opening.
    const byPopup = (param && param.naverPopupMode) ?? !mobile;
    const opened = byPopup ? window.open("about:blank", "iamport", "width=760,height=900") : null;
    if (byPopup && !opened) {
      alert("팝업이 차단되어 결제창을 열 수 없습니다. 팝업 차단을 해제해 주세요.");
      return;
    }
    popup = opened;
    const asked = { ...shop, old, mobile, callback: typeof callback === "function", param };
    fetch(source.origin + "/window", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(asked),
    })
      .then((answer) => answer.json())
      .then((found) => {
        if (!found.window) {
          opened?.close();
          tell([found.answer], found.to, callback);
        } else if (found.popup && opened) {
          opened.location = source.origin + found.window;
          watch(opened, found, callback);
        } else {
          opened?.close();
          location.assign(source.origin + found.window);
        }
      })
      .catch((error) => {
        opened?.close();
        tell([{ imp_uid: null, merchant_uid: param && param.merchant_uid, error_msg: String(error) }], null, callback);
      });
  };

  const tell = (answers, to, callback) => {
    if (typeof callback === "function") answers.forEach((answer) => callback(answer));
    else if (to) location.assign(to);
  };

  const watch = (opened, found, callback) => {
    const end = (answers, to) => {
      clearInterval(looking);
      window.removeEventListener("message", hear);
      tell(answers, to, callback);
    };
    const hear = (event) => {
      if (event.origin === source.origin && event.data.window === found.window) end(event.data.answers, event.data.to);
    };
    const looking = setInterval(() => {
      if (!opened.closed) return;
      clearInterval(looking);
      // What it said as it closed may still be on its way.
      setTimeout(() => end([found.closed], null), 500);
    }, 300);
    window.addEventListener("message", hear);
  };

  const loadUI = (type, param, callback) => {
    buttons[type] = param;
    for (const place of document.querySelectorAll(`.portone-ui-container[data-portone-ui-type="${type}"]`)) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "PayPal (sandbox)";
      button.addEventListener("click", () => request_pay(buttons[type], callback));
      place.replaceChildren(button);
    }
  };

  window.IMP = {
    init: (user_code) => start(user_code),
    agency: (user_code, tier_code) => start(user_code, tier_code),
    request_pay,
    close: () => popup?.close(),
    loadUI,
    updateLoadUIRequest: (type, param) => {
      buttons[type] = param;
    },
  };
})();
