# -*- coding: utf-8 -*-
# Word banks, inline bits and block fragments. Placeholders: §n noun, §v ending clause, §e English term, §u url, §c code word,
# §i inline bit, §s sentence, §p paragraph, §d digit, §h short heading text, §k person, §f file path
import random, re

NOUN = """서버 캐시 스레드 메모리 함수 배포 테스트 데이터베이스 인덱스 쿼리 컨테이너 로그 설정 파일 브라우저 요청 응답 세션 토큰 암호 정렬 그래프 트리
배열 객체 클래스 인터페이스 상속 다형성 예외 비동기 이벤트 큐 스택 힙 알고리즘 점화식 동적계획법 산책 커피 여행 부산 제주 독서 회고 이직 면접
스터디 강의 교재 논문 실험 가설 모델 학습률 손실 정확도 행렬 벡터 미분 적분 확률 분포 표본 평균 분산 새벽 골목 고양이 라면 김치찌개 지하철 퇴근길
주말 블로그 글쓰기 기록 습관 운동 달리기 마라톤 자전거 한강 노을 사진 렌즈 필름 카메라 번역 사전 문장 맞춤법 띄어쓰기 폰트 한글 자모 초성 중성""".split()
ENG = """Redis Kafka Docker Kubernetes JPA Spring Boot React Vue TypeScript Python Rust Go Java Kotlin Swift MySQL PostgreSQL Nginx Linux Git
GitHub Jekyll Markdown HTTP TCP DNS REST GraphQL JWT OAuth CORS XSS CSRF GC JVM CPU GPU RAM SSD API SDK IDE CI/CD AWS EC2 S3 GIL ORM MVC
DI IoC AOP BFS DFS DP LCS KMP LRU FIFO mutex semaphore deadlock heap stack queue thread process context-switching off-by-one O(n) O(log n) UTF-8
NullPointerException IllegalStateException undefined NaN null true node_modules package.json __init__ Dockerfile .gitignore""".split()
VERB = ["필요하다", "중요합니다", "생각보다 어렵다", "잘 된다!", "안 된다...", "정리해 봤다", "알아보자", "라고 한다", "였다 ㅠㅠ", "같아요~", "해야 한다(필수)", "바뀌었다",
        "였는데 아니었다", "문제였다", "인 것 같다.", "까먹기 쉽다", "다시 봐도 좋다 :)", "라는 뜻이다", "하지 않는다", "이면 충분하다", "하면 끝!", "다음 글에서 다룬다"]
KOJOSA = ["은", "는", "이", "가", "을", "를", "에", "에서", "으로", "로", "와", "과", "의", "도", "만", "까지", "부터", "처럼", "이라는", "란", "에게", "보다"]
NAME = ["민지", "지호", "서연", "도윤", "하은", "준서", "유진", "태오"]
CODEW = ["null", "x = 1", "a[i]", "List<String>", "foo()", "a || b", "i++", "git push -f", "<div>", "&nbsp;", "**kwargs", "*args", "_", "__name__", "a|b", "$HOME",
         "\\n", "C:\\tmp", "{ }", "@Override", "#include", "SELECT *", "x -> y", "a < b && b > c", "\"문자열\"", "'c'", "한글 변수", "%s", "~/.zshrc", "::before", "...args", "--force", "<!-- x -->"]
URL = ["https://example.com", "https://example.com/path/to/page", "https://example.com/a_b_c", "https://example.com/wiki/자바_(언어)", "https://example.com/?q=한글&page=2",
       "https://example.com/a*b*c", "http://example.org/글/제목", "/posts/2021/", "/assets/img/a.png", "#목차", "../b", "https://example.com/x#y-z", "https://example.com/~kim/",
       "https://example.com/%ED%95%9C?x=1&amp;y=2", "mailto:kim@example.com", "https://example.com/a(b)c", "//example.com/x"]
HEAD = ["들어가며", "1. 개요", "2.1 설치하기", "왜 필요한가?", "마치며...", "참고 자료", "결과 & 분석", "C++ 과 C#의 차이", "`map` 함수", "**정리**", "\"따옴표\" 제목", "Q. 그래서?", "[링크](https://example.com) 제목",
        "TL;DR", "STEP 1) 준비", "문제 :", "풀이(Solution)", "시간 복잡도 $O(n)$", "📌 요약", "<b>굵은</b> 제목", "A -> B", "it's ok", "1) 첫째", "#해시", "*기울임* 제목", "Day 3 -- 회고", "__dunder__ 메서드", "3.  공백   많은  제목"]
PATHS = ["/assets/images/2021-01-01.png", "{{ site.baseurl }}/assets/a.png", "/assets/img/스크린샷 2021-03-04 오후 3.04.05.png", "../images/b_c_d.jpg", "https://example.com/i/x(1).png", "/assets/images/posts/a&b.png"]

INLINE = [
 "**§n**§j", "**§n(§e)**§j", "**§e**§j", "**\"§n\"**§j", "**'§n'**이라고", "**`§c`**§j", "**[§n](§u)**§j", "** §n **§j", "**§n §n**", "**§n:**", "**§n**: ", "**§n.** ", "**§n!**§j", "**§n 100%**§j", "**(§n)**§j",
 "*§n*§j", "_§n_§j", "__§n__§j", "__§n(§e)__§j", "***§n***§j", "**_§n_**§j", "_**§n**_§j", "*§n(§e)*§j", "_§n(§e)_ 은", "*§n **§n** §n*", "**§n *§n* §n**", "**§n**§n**§n**", "**§n", "§n**", "*§n", "**§n*", "_§n", "~~§n~~§j", "~~§n", "~§n~",
 "`§c`", "`§c`§j", "``§c ` §c``", "` §c `", "`§c", "'`§c`'", "\"`§c`\"", "(`§c`)", "**`§c`:**", "`§e`의 `§c`§j",
 "\"§n\"§j", "'§n'§j", "\"§n\"라고", "(\"§n\")", "('§n')", "\"**§n**\"", "'*§n*'", "\"§n '§n' §n\"", "\"§n", "§n\"", "'§n", "§k's §n", "it's", "don't", "'90년대", "90's", "5'10\"", "“§n”", "‘§n’§j", "「§n」", "『§n』", "《§n》", "\"(§n)\"", "\"§e\"", "'§e'", "\"§n.\"", "\"§n,\" ", "(§n \"§n\")", "§n-'§n'", "['§n']", "\"'§n'\"", "\"\"", "''", "a='b'", "=\"x\"", "\\\"§n\\\"", "\"§d\"", "'§d'", "§n'", "\"~§n~\"", "...\"§n\"", "—\"§n\"", "/'§n'/", "\"[§n](§u)\"", "'[§n](§u)'", "\"<b>§n</b>\"",
 "§n...", "…§n", "§n…", "§n....", "§n..", "§n--§n", "§n -- §n", "§n---§n", "§n --- §n", "-- §n", "§n->§n", "§n -> §n", "§n => §n", "§n <- §n", "§n <= §d", "§n >= §d", "<<§n>>", "<< §n >>", "a << §d", "b >> §d", "cin >> n;", "cout << \"x\" << endl;", "-->", "<--", "<->", "§d < §d", "§d<§d", "a<b", "<§n>", "<§e>", "List<§e>", "Map<String, List<Integer>>", "§n > §n > §n", "&", "&&", "R&D", "AT&T", "a&b;", "&nbsp;", "&lt;br&gt;", "&copy;", "&#39;", "&#x2713;", "&hellip;", "&amp;", "&mdash;", "&quot;§n&quot;", "&unknown;", "&nbsp", "§d%", "§d & §d",
 "[§n](§u)", "[§n](§u)§j", "[§n](§u \"§n 제목\")", "[§n](§u '§n')", "[§n](<§u>)", "[§n] (§u)", "[§n](§u){:target=\"_blank\"}", "[§n](§u){: target=\"_blank\" rel=\"noopener\" }", "[§n][ref1]", "[ref1][]", "[ref1]", "[§n][없는참조]", "[§n]", "[§d]", "[ ]", "[x]", "[§n(§e)](§u)", "[**§n**](§u)", "[`§c`](§u)", "[§n [§n]](§u)", "[](§u)", "[§n]()", "[§n](https://example.com/a b)", "[§n](§u)[§n](§u)", "[§n\n§n](§u)", "[§n](\n§u)", "<§u>", "<https://example.com/x_y>", "https://example.com/a_b_c_d", "https://example.com/?a=1&b=2", "(https://example.com)", "www.example.com", "<kim@example.com>", "kim@example.com",
 "![§n](§f)", "![](§f)", "![§n](§f \"§n\")", "![§n](§f){: width=\"400\"}", "![§n](§f){:.center}", "[![§n](§f)](§u)", "<img src=\"§f\">", "<img src=\"§f\" width=\"50%\" />", "<img src='§f' alt='§n \"§n\"'>",
 "<br>", "<br/>", "<br />", "</br>", "<b>§n</b>§j", "<b>**§n**</b>", "<strong>§n</strong>", "<i>§n</i>", "<u>§n</u>§j", "<kbd>Ctrl</kbd>+<kbd>C</kbd>", "<span style=\"color:red\">§n</span>§j", "<span style=\"color:red\">**§n**</span>§j", "<font color='blue'>*§n*</font>", "<mark>§n</mark>", "<sup>§d</sup>", "H<sub>2</sub>O", "<a href=\"§u\">§n</a>", "<a href='§u' target=_blank>§n</a>", "<code>§n</code>", "<code>a_b_c *x*</code>", "<del>§n</del>", "<!-- §n -->", "<!--§n-->", "<span>\"§n\"</span>", "<small>§n...</small>", "<b>§n", "§n</b>", "<p>§n</p>", "<span class=\"a\" markdown=\"1\">**§n**</span>", "<u>**§n(§e)**</u>§j", "<B>§n</B>", "<em>'§n'</em>",
 "$a_1 * b_1 * c_1$", "$x$", "$§n$", "$$E=mc^2$$", "$$a_{ij} * b_{jk}$$§j", "$$\\sum_{i=0}^{n} x_i \\\\ y$$", "\\\\(x_1 + y_1\\\\)", "$100", "$§d와 $§d", "$\\alpha_{1}$, $\\beta_{2}$", "$a < b$", "$f(x) = |x|$", "$$|x|$$", "\\$5", "$O(n^2)$", "$\\{a, b\\}$", "$a'b$", "$\"x\"$",
 "\\*§n\\*", "\\_§n\\_", "\\#", "\\[§n\\]", "\\`§n\\`", "C:\\Users\\kim", "\\n", "\\\\", "\\<§n\\>", "\\|", "\\&amp;", "\\§n", "\\{§n\\}", "\\!", "\\-", "\\+", "\\.", "\\~", "\\'§n\\'", "\\(§n\\)",
 "snake_case_name", "__init__.py", "_private", "a_b", "§n_§n_§n", "_§n_§n", "§n_§n_", "2*3*4", "a*b", "*.txt와 *.md", "**/*.js", "x**2 + y**2", "int *p, *q;", "char* s", "(*주의)", "*주의*: ", "§n*", "* §n *", "**§n**(**§n**)", "^_^", "^^", "T_T", "-_-", ">_<", "*_*", "ㅋㅋㅋ", "ㅠ.ㅠ", "§n~~", "좋아요~~ 그래요~~", "§d~§d", ":)", ":smile:", "😀", "👨‍👩‍👧", "→", "※", "★", "①", "1️⃣", "·", "，", "。", "、", "！", "（§n）", "**§n（§e）**§j", "**「§n」**§j", "‥", "─", "≪§n≫", "\u00a0§n", "\u200b§n", "**§n\u200b**§j", "\u3000§n", "§n\u00a0",
 "§n[^1]", "§n[^note]", "[^없음]", "HTML", "CSS", "§n|§n", "§n | §n", "a || b", "{§n}", "{: §n}", "{:§n}", "{#x}", "{x: 1}", "{.a}", "*§n*{: .red}", "**§n**{:.blue}§j", "`§c`{:.language-ruby}", "[§n](§u){: .btn .btn--info}", "§n{: .x}", "==§n==", "++§n++", "H~2~O", "x^2^", "::§n::", "@§k", "#§n", "#§n #§n", "§d.§d.§d", "§d시 §d분", "§d-§d", "§d:§d", "(c)", "(tm)", "1/2", "+-", "(1) §n", "ⅰ. §n", "§n/§n", "\"§n\"/\"§n\"", "`{% raw %}{{ §n }}{% endraw %}`", "{% raw %}{% if x %}{% endraw %}", "{{ site.title }}", "{{ page.title }}", "{{ page.nothing }}", "{{ '§n' | append: '!' }}", "{{ \"a,b\" | split: \",\" | join: \"-\" }}", "[§n]({{ site.baseurl }}/x)", "{{ site.url }}{{ site.baseurl }}/y",
]

SENT = ["§n§j §n§j §v.", "§i §n§j §v.", "§n§j §i §v.", "§n§j §i, §i §n§j §v.", "그런데 §i §v.", "§e§j §n(§i)§j §v.", "이때 §i §n§j §i §v!", "§i", "§n, §n, 그리고 §i.", "§i §i §v.", "즉, §i §n§j §v", "§k님은 §i 라고 했다.", "※ §i §v.", "예) §i", "§e: §i"]

CALM = [
 "**§n**§j", "**§n**§j", "**§n(§e)**§j", "**§n(§e)**§j", "**§e**§j", "**\"§n\"**§j", "**'§n'**§j", "**`§c`**§j", "**§n §n**", "**§n:**", "**§n** : ", "**[§n](§u)**§j", "*§n*§j", "*§n(§e)*§j", "_§n_", "__§n__",
 "`§c`", "`§c`", "`§c`§j", "`§c`§j", "`§e`", "(`§c`)", "\"§n\"§j", "\"§n\"§j", "'§n'§j", "'§n'§j", "\"§n §n.\"", "(\"§n\")", "§k's", "don't", "§n...", "§n..", "§n -> §n", "§n => §n", "§d~§d", "§d%", "R&D", "§n/§n", "§e, §e", "§n(§e)§j", "§n(§e)§j",
 "[§n](§u)", "[§n](§u)§j", "[§n §n](§u)", "[§n](§u){:target=\"_blank\"}", "<§u>", "https://example.com/path/a-b", "![§n](§f)", "<br>", "<u>§n</u>", "<b>§n</b>§j", "<span style=\"color:red\">§n</span>§j", "<kbd>Ctrl + C</kbd>", "$x_i$", "$O(n^2)$", "$§d", "$$y = ax + b$$", "&nbsp;", "&lt;§n&gt;", "~~§n~~", "ㅋㅋㅋ", "ㅠㅠ", "^^", ":)", "😀", "→", "§n[^1]", "snake_case_name", "§n_§n", "a < b", "List<String>", "§n | §n", "“§n”", "‘§n’", "「§n」", "a * b", "*.txt", "#include <iostream>", "--force", "§n -- §n", "\\*", "1) §n", "(1) §n",
]

def make(rng, calm=False):
    inline = CALM if calm else INLINE
    def one(kind):
        if kind == "n": return rng.choice(NOUN)
        if kind == "e": return rng.choice(ENG)
        if kind == "v": return rng.choice(VERB)
        if kind == "j": return rng.choice(KOJOSA)
        if kind == "k": return rng.choice(NAME)
        if kind == "u": return rng.choice(URL)
        if kind == "c": return rng.choice(CODEW)
        if kind == "h": return rng.choice(HEAD)
        if kind == "f": return rng.choice(PATHS)
        if kind == "d": return str(rng.choice([1, 2, 3, 5, 7, 10, 12, 42, 100, 2021]))
        if kind == "i": return fill(rng.choice(inline))
        if kind == "s": return fill(rng.choice(SENT))
        if kind == "p":
            n = rng.choice([1, 1, 2, 2, 3, 4])
            sep = rng.choice([" ", " ", "\n", "\n", "  \n", "<br>\n", "\\\n" if rng.random() < 0.3 else "\n"])
            return sep.join(fill(rng.choice(SENT)) for _ in range(n))
        raise KeyError(kind)
    def fill(text):
        return re.sub("§([a-z])", lambda m: one(m.group(1)), text)
    return fill
