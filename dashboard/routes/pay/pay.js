// The window opens inside the click: nothing may be waited for between the two, or it is blocked.
const data = JSON.parse(document.getElementById("window").textContent);
const button = document.getElementById("pay");
const blocked = document.getElementById("blocked");

function back(answer) {
  const told = new URL(data.back);
  told.searchParams.set("merchant_uid", data.param.merchant_uid);
  for (const name of ["imp_uid", "error_code", "error_msg"]) {
    if (typeof answer[name] === "string") told.searchParams.set(name, answer[name]);
  }
  location.replace(told);
}

// A page that the back button brings out of the browser's memory may stand for an order that has ended.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

if (window.IMP) {
  if (data.tier_code) window.IMP.agency(data.user_code, data.tier_code);
  else window.IMP.init(data.user_code);
  button.disabled = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    window.IMP.request_pay(data.param, (answer) => back(answer || {}));
    setTimeout(() => { button.disabled = false; }, 3000);
  });
} else {
  blocked.hidden = false;
}
