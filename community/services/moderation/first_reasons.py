"""The first reasons for returning, declining and hiding, in the words that authors read; changed in the admin."""

from dataclasses import dataclass

from community.enums import SubmissionKind
from community.states import Action


@dataclass(frozen=True)
class FirstReason:
    """A reason as it is offered on the first day; the language of ``text`` is English, of ``text_hi`` Hindi."""

    code: str
    action: str
    name: str
    name_hi: str
    text: str
    text_hi: str
    is_conduct: bool = False
    #: For which kind of the queue; blank for questions and replies.
    kind: str = ""


FIRST_REASONS = (
    FirstReason(
        "unclear-problem",
        Action.RETURN,
        "Problem not clear yet",
        "समस्या अभी स्पष्ट नहीं",
        "Thank you. Please say in one or two sentences what goes wrong, for whom, and what you need to know. "
        "Your text is kept: change it and send it again.",
        "धन्यवाद। एक-दो वाक्य में लिखें कि क्या बिगड़ रहा है, किसके लिए, और आप क्या जानना चाहते हैं। "
        "आपका लिखा सुरक्षित है: बदलकर फिर भेजें।",
    ),
    FirstReason(
        "add-place-or-sector",
        Action.RETURN,
        "Add place or sector",
        "जगह या क्षेत्र जोड़ें",
        "Thank you, this helps. Please add the state and the trade: others answer better when they know where you "
        "work. Your text is kept.",
        "धन्यवाद, यह उपयोगी है। राज्य और काम का क्षेत्र जोड़ें: जगह पता हो तो दूसरे बेहतर उत्तर देते हैं। आपका लिखा सुरक्षित है।",
    ),
    FirstReason(
        "split-in-two",
        Action.RETURN,
        "Split in two",
        "दो हिस्सों में बाँटें",
        "Thank you. These are two questions. Please keep one here and send the other on its own, so that each gets "
        "its own answers. Your text is kept.",
        "धन्यवाद। ये दो सवाल हैं। एक यहाँ रखें और दूसरा अलग से भेजें, ताकि दोनों को अपने उत्तर मिलें। आपका लिखा सुरक्षित है।",
    ),
    FirstReason(
        "personal-data",
        Action.RETURN,
        "Personal data inside",
        "निजी जानकारी है",
        "Thank you, this helps. Please take out phone numbers, addresses and names of private persons: messages "
        "here are read by many. Your text is kept.",
        "धन्यवाद, यह उपयोगी है। फ़ोन नंबर, पता और निजी लोगों के नाम हटा दें: यहाँ के संदेश कई लोग पढ़ते हैं। आपका लिखा सुरक्षित है।",
    ),
    FirstReason(
        "attach-source",
        Action.RETURN,
        "Name the source",
        "स्रोत बताएँ",
        "Thank you. Please say where the figure or rule comes from: a document, a web address, or that you saw it "
        "yourself, where and when. Your text is kept.",
        "धन्यवाद। बताएँ कि यह आँकड़ा या नियम कहाँ से है: कोई दस्तावेज़, वेब पता, या आपने ख़ुद कहाँ और कब देखा। आपका लिखा सुरक्षित है।",
    ),
    FirstReason(
        "language",
        Action.RETURN,
        "Language",
        "भाषा",
        "Thank you. Please write it in English or Hindi, in your own simple words, so that the members here can "
        "read it. Your text is kept.",
        "धन्यवाद। इसे हिंदी या अंग्रेज़ी में, अपने सरल शब्दों में लिखें, ताकि यहाँ के सदस्य पढ़ सकें। आपका लिखा सुरक्षित है।",
    ),
    FirstReason(
        "answered-already",
        Action.DECLINE,
        "Answered already",
        "उत्तर पहले से है",
        "We did not release this, because an answer is on the site already. Search for it in a few words. If your "
        "case is different, tell us how.",
        "हमने इसे जारी नहीं किया, क्योंकि इसका उत्तर साइट पर पहले से है। कुछ शब्दों से खोजें। आपका मामला अलग हो तो बताएँ कि कैसे।",
    ),
    FirstReason(
        "out-of-scope",
        Action.DECLINE,
        "Out of scope",
        "विषय से बाहर",
        "We did not release this: it is not about clusters, their enterprises or the people who work there. "
        "Thank you for asking.",
        "हमने इसे जारी नहीं किया: यह क्लस्टर, उनके उद्यमों या वहाँ काम करने वालों के बारे में नहीं है। पूछने के लिए धन्यवाद।",
    ),
    FirstReason(
        "advertising",
        Action.DECLINE,
        "Advertising",
        "विज्ञापन",
        "We did not release this: it advertises a product or service. What you learned from using something is "
        "always welcome.",
        "हमने इसे जारी नहीं किया: इसमें किसी सामान या सेवा का विज्ञापन है। इस्तेमाल से आपने जो सीखा, वह हमेशा स्वागत योग्य है।",
        is_conduct=True,
    ),
    FirstReason(
        "individual-grievance",
        Action.DECLINE,
        "Individual grievance",
        "निजी शिकायत",
        "We did not release this: members cannot settle a complaint about one case. Please take it to the office "
        "concerned or its grievance cell.",
        "हमने इसे जारी नहीं किया: सदस्य किसी एक मामले की शिकायत नहीं सुलझा सकते। संबंधित दफ़्तर या उसके शिकायत प्रकोष्ठ में जाएँ।",
    ),
    FirstReason(
        "unverifiable-claim",
        Action.DECLINE,
        "Claim about a person or firm that cannot be checked",
        "व्यक्ति या फ़र्म के बारे में ऐसी बात जिसकी जाँच नहीं हो सकती",
        "We did not release this: it says something about a person or firm that we cannot check. Tell what happened "
        "without the name, and we will look at it gladly.",
        "हमने इसे जारी नहीं किया: इसमें किसी व्यक्ति या फ़र्म के बारे में ऐसी बात है जिसकी हम जाँच नहीं कर सकते। "
        "नाम के बिना लिखें, हम ज़रूर देखेंगे।",
        is_conduct=True,
    ),
    FirstReason(
        "duplicate",
        Action.DECLINE,
        "Sent twice",
        "दो बार भेजा गया",
        "We did not release this, because the same message from you is here already. Nothing of it is lost.",
        "हमने इसे जारी नहीं किया, क्योंकि आपका यही संदेश पहले से यहाँ है। कुछ खोया नहीं है।",
    ),
    FirstReason(
        "hide-personal-data",
        Action.HIDE,
        "Personal data came to light",
        "निजी जानकारी सामने आई",
        "We have hidden this, because it names a private person, a phone number or an address. Send it again without "
        "them, and it can go out anew.",
        "हमने इसे छिपा दिया है, क्योंकि इसमें किसी व्यक्ति का नाम, फ़ोन नंबर या पता है। "
        "इनके बिना फिर भेजें, तो यह दोबारा जारी हो सकता है।",
    ),
    FirstReason(
        "hide-unsafe-advice",
        Action.HIDE,
        "Following it could do harm",
        "इस पर चलने से नुकसान हो सकता है",
        "We have hidden this, because somebody who follows it could come to harm or break a rule. If you know better, "
        "write to us where it stands.",
        "हमने इसे छिपा दिया है, क्योंकि इस पर चलने से किसी को नुकसान हो सकता है या नियम टूट सकता है। आपके पास स्रोत हो तो हमें लिखें।",
    ),
    FirstReason(
        "hide-unverifiable-claim",
        Action.HIDE,
        "Claim about a person or firm that is disputed",
        "व्यक्ति या फ़र्म के बारे में विवादित बात",
        "We have hidden this, because it says something about a person or firm that is disputed and that we cannot "
        "check.",
        "हमने इसे छिपा दिया है, क्योंकि इसमें किसी व्यक्ति या फ़र्म के बारे में विवादित बात है जिसकी हम जाँच नहीं कर सकते।",
        is_conduct=True,
    ),
    FirstReason(
        "hide-on-request",
        Action.HIDE,
        "You asked for it",
        "आपके कहने पर",
        "We have hidden this, as you asked. Your text stays on your page.",
        "आपके कहने पर हमने इसे छिपा दिया है। आपका लिखा आपके पृष्ठ पर रहेगा।",
    ),
    FirstReason(
        "request-say-more",
        Action.RETURN,
        "Say who you are and what you do",
        "बताएँ कि आप कौन हैं और क्या करते हैं",
        "Thank you for asking to join. Please say in two or three sentences what you do, where, and what you hope to "
        "give and to find here. Your text is kept: change it and send it again.",
        "जुड़ने की इच्छा के लिए धन्यवाद। दो-तीन वाक्य में लिखें कि आप क्या करते हैं, कहाँ, और यहाँ क्या देना और पाना चाहते हैं। "
        "आपका लिखा सुरक्षित है: बदलकर फिर भेजें।",
        kind=SubmissionKind.MEMBERSHIP,
    ),
    FirstReason(
        "request-other-circle",
        Action.DECLINE,
        "Another community fits better",
        "दूसरा समुदाय बेहतर है",
        "We did not take your request: from what you write, another community fits what you do better. You can see all "
        "of them on the page of communities.",
        "हमने आपका अनुरोध स्वीकार नहीं किया: आपके लिखे के अनुसार कोई दूसरा समुदाय आपके काम के लिए बेहतर है। "
        "सभी समुदाय, समुदायों के पृष्ठ पर हैं।",
        kind=SubmissionKind.MEMBERSHIP,
    ),
    FirstReason(
        "request-not-for-work",
        Action.DECLINE,
        "Not for working with clusters",
        "क्लस्टर के काम के लिए नहीं",
        "We did not take your request: this community is for people who work in or with clusters, and we could not see "
        "that in what you write. Everything that is written up stays open to you without joining.",
        "हमने आपका अनुरोध स्वीकार नहीं किया: यह समुदाय क्लस्टर में या उनके साथ काम करने वालों के लिए है, और आपके लिखे में यह नहीं दिखा। "
        "जो लेख बन चुका है, वह जुड़े बिना भी आपके लिए खुला है।",
        kind=SubmissionKind.MEMBERSHIP,
    ),
    FirstReason(
        "report-within-rules",
        Action.DECLINE,
        "Within the rules",
        "नियमों के भीतर",
        "Thank you for telling us. We have looked at the message and its thread: it keeps to the rules, so it stays.",
        "बताने के लिए धन्यवाद। हमने संदेश और उसकी चर्चा देखी: वह नियमों के भीतर है, इसलिए रहेगा।",
        kind=SubmissionKind.FLAG,
    ),
    FirstReason(
        "report-another-view",
        Action.DECLINE,
        "Another view: answer it",
        "अलग राय: उत्तर दें",
        "Thank you for telling us. People may see this differently, so the message stays. If you know better, answer "
        "in the thread: that helps whoever reads it.",
        "बताने के लिए धन्यवाद। इस पर अलग राय हो सकती है, इसलिए संदेश रहेगा। आप बेहतर जानते हों तो चर्चा में उत्तर दें: "
        "इससे पढ़ने वालों को मदद मिलेगी।",
        kind=SubmissionKind.FLAG,
    ),
    FirstReason(
        "report-not-found",
        Action.DECLINE,
        "We could not find what is meant",
        "बताई गई बात नहीं मिली",
        "Thank you for telling us. We could not find in the message what you mean, so it stays for now. Report it "
        "again and say in the line which part you mean.",
        "बताने के लिए धन्यवाद। जो आपने बताया, वह हमें संदेश में नहीं मिला, इसलिए वह अभी रहेगा। "
        "फिर बताएँ और एक पंक्ति में लिखें कि कौन सा हिस्सा।",
        kind=SubmissionKind.FLAG,
    ),
)
