# -*- coding: utf-8 -*-
# Longer pieces, as whole posts of Korean developers' blogs have them.
SECTIONS = r'''
%%%%
# 문제
[백준 §d번 §n](§u)

## 접근
처음에는 **§n(§e)**을 떠올렸는데 §n이 최대 10^5 이라서 O(n^2)은 시간초과가 난다.<br>
그래서 **"§n"**이라는 성질을 썼다.

1. §n을 입력받는다.
2. `§c`로 §n을 만든다
    - 이때 `arr[i] < arr[j]` 이면 건너뛴다.
    - 아니면 §n에 넣는다
3. 마지막에 답을 출력!

## 코드
```python
import sys
input = sys.stdin.readline
n = int(input())
dp = [0] * (n+1)
for i in range(1, n+1):
    dp[i] = max(dp[i-1], dp[i-2] + i)
print(dp[n])
```

## 느낀점
- 문제를 끝까지 읽자...
- `dp[i-1]` 과 `dp[i-2]`를 헷갈리지 말 것 !!
%%%%
## 💡 문제 풀이
<br>
<img src="https://example.com/img/§d.png" width="80%">
<br>
위 그림처럼 §n → §n → §n 순서로 움직인다. <br/>
따라서 점화식은 `dp[i][j] = dp[i-1][j] + dp[i][j-1]` 이다.<br/><br/>

**시간복잡도**는 $O(N \log N)$ 이다.
```cpp
#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
int main(){
	ios::sync_with_stdio(0); cin.tie(0);
	int n; cin >> n;
	for(int i=0;i<n;i++) cout << i << "\n";
}
```
<br>
%%%%
## 1. §n이란?
> **§n(§e)** 은 §n을 §n하기 위한 방법이다.  

- §n은 크게 두 가지로 나뉜다.
  1. **§n** : §n을 먼저 한다.
  2. **§n** : §n을 나중에 한다.
- 장점
  - 빠르다
  - 쉽다 (*정말로?*)
- 단점
  - §n에 약하다

<br>

## 2. §n과의 차이

| 구분 | §n | §n |
|:---:|:---|:---|
| 속도 | 빠름 | `O(n)` |
| 메모리 | 적음 | **많음(주의!)** |
| 예시 | `a \| b` | - |

<br>
%%%%
안녕하세요. §k입니다 :)  
오늘은 §e를 설치하고 "§n"까지 해 보는 시간을 가져보겠습니다.  
(이 글은 macOS 기준으로 작성되었습니다.)  

### 1) 설치하기
터미널을 열고 아래 명령어를 입력합니다.
```shell
$ brew install §c
$ brew services start redis
```
설치가 끝났다면 버전을 확인해봅시다.  
`redis-server --version`

![설치 화면](/assets/images/2021/install.png)

### 2) 설정하기
`~/.zshrc` 파일에 다음을 추가합니다.
~~~bash
export PATH="/usr/local/opt/bin:$PATH"
~~~
저장 후 `source ~/.zshrc` !

※ 만약 `command not found`가 나온다면 [이 글](§u)을 참고하세요.
{: .notice--warning}
%%%%
* **§n**
  * §n은 §n이다.
  * `§c`
    ```java
    @Override
    public boolean equals(Object o) {
        return this == o && o != null;
    }
    ```
  * §n

* **§n**
  * §n은 '§n'라고도 한다.

    예를 들면 §n 이 있다.

  * §n ⇒ §n
%%%%
### 4L 회고
#### Liked
- 팀원들과 §n을 같이 본 것. "혼자 가면 빨리 가고 함께 가면 멀리 간다"
- 매일 1시간씩 §n!!
#### Learned
- §e의 동작 원리를 *조금* 알게 됐다.
#### Lacked
- 잠…
#### Longed for
- 다음 주엔 §n을 꼭 끝내자 -> **꼭**

---
%%%%
#### Q1. §n과 §n의 차이점은?
<details>
<summary>답 보기</summary>
<div markdown="1">

- §n은 **프로세스(process)**가 가진다.
- §n은 *스레드*끼리 공유한다.

</div>
</details>

#### Q2. `==`와 `equals()`의 차이는?
<details>
<summary>답 보기</summary>
<div markdown="1">

`==`는 참조를, `equals()`는 값을 비교한다.

```java
String a = new String("§n");
String b = "§n";
System.out.println(a == b); // false
```

</div>
</details>
%%%%
## Today I Learned

1. git
    - `git rebase -i HEAD~3`
    - `git stash` / `git stash pop`
    - merge 와 rebase 의 차이
        - merge : 이력이 남는다
        - rebase : 이력이 깔끔하다
2. §e
    - §n이 §n보다 **먼저** 실행된다.
    - 참고 : <https://example.com/docs/a_b>
3. 내일 할 일
    - [ ] §n 정리
    - [x] §n 읽기
%%%%
새벽 다섯 시, §n 앞에 섰다. 가로등은 꺼지기 직전이었고 "벌써 나왔어?" 하고 §k가 물었다.
'조금만 더 잘걸' 싶었지만, 막상 걷기 시작하니 나쁘지 않았다.

> 길은 걷는 사람의 것이다.
> -- 어느 안내판

골목 끝의 가게는 아직 문을 열지 않았다... 2천 원짜리 커피 한 잔이면 되는데—정말 그거면 되는데.
다음엔 보온병을 챙겨야지 ㅎㅎ (다짐만 세 번째)

*2021년 §d월의 기록*
{: .text-right}
%%%%
# Chapter 3. §n

## 3.1 §n의 정의
$$
P(A|B) = \frac{P(B|A)P(A)}{P(B)}
$$
여기서 $P(A)$는 *사전확률(prior)*, $P(A|B)$는 **사후확률(posterior)**이다.

$x_1, x_2, \cdots, x_n$이 서로 독립이면 $\prod_{i=1}^{n} p(x_i)$ 이고, 로그를 취하면
$$\log L(\theta) = \sum_{i=1}^{n} \log p(x_i;\theta)$$
가 된다.

- $\theta$ : 모수
- $\hat{\theta}_{MLE}$ : 추정량
- $$\mathbb{E}[X] = \int x f(x) dx$$ : 기댓값
%%%%
### 에러 메시지
```
Error: Cannot find module 'webpack'
Require stack:
- /Users/kim/project/node_modules/webpack-cli/bin/cli.js
```
위와 같은 에러가 발생했다. 구글링을 해보니 node_modules를 지우고 다시 설치하면 된다고 한다.

### 해결
1. `rm -rf node_modules package-lock.json`
2. `npm cache clean --force`
3. `npm i`

그래도 안된다면 아래와 같이 버전을 맞춰준다.
```json
"devDependencies": {
  "webpack": "^5.1.0",
  "webpack-cli": "^4.0.0"
}
```
해결!!🎉
%%%%
## API 명세

|Method|URI|설명|
|---|---|---|
|`GET`|`/api/v1/posts`|글 목록|
|`POST`|`/api/v1/posts`|글 쓰기(로그인 필요)|
|`DELETE`|`/api/v1/posts/{id}`|글 지우기|

**Request**

{% highlight json %}
{
  "title": "§n",
  "tags": ["§n", "§n"]
}
{% endhighlight %}

**Response** : `201 Created`
%%%%
<h2>§n 정리</h2>

<p>§n은 <b>§n</b>이고, §n은 <code>§n</code>이다.</p>

<ul>
    <li>§n</li>
    <li>§n <strong>(중요)</strong></li>
</ul>

<pre><code class="python">
def f():
    return 1
</code></pre>

<br/>
%%%%
1. §n 클래스를 만든다.

   ```java
   class Node {
     int data;
     Node next;
   }
   ```

2. `add()` 메서드를 구현한다.

   ```java
   void add(int d) {
     Node n = new Node(d);
   }
   ```

   > 맨 앞에 넣을 때는 `head`를 바꿔야 한다.

3. 끝 ~
%%%%
<div class="notice--success" markdown="1">
**오늘의 요약**
1. §n은 §n
2. §n(§e)은 **§n**
   - 단, §n인 경우는 제외
</div>

{% capture notice-text %}
다음 글에서는 §n을 다룹니다.

* [§n](§u)
* [§n §n](§u "새 창")
{% endcapture %}

<div class="notice--info">
  <h4 class="no_toc">다음 글:</h4>
  {{ notice-text | markdownify }}
</div>
%%%%
영화 "§n의 §n" 을 봤다. ★★★☆☆

줄거리는 대충 이렇다. §n을 잃어버린 주인공이 '§n'를 찾아서... (스포 주의)

<!--more-->

* 좋았던 점
 * 음악
 * 색감
* 아쉬웠던 점
 * 너~무 길다
 * 결말이 ㅠㅠ

총평 : **볼만하다.** 끝!
%%%%
**Step 1.** `application.yml` 수정
```yaml:application.yml
spring:
  datasource:
    url: jdbc:mysql://localhost:3306/db?useSSL=false&serverTimezone=Asia/Seoul
    username: root
```
**Step 2.** Entity 작성
```java
@Entity
@Getter @Setter
public class Member {
    @Id @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    @OneToMany(mappedBy = "member")
    private List<Order> orders = new ArrayList<>();
}
```
 - `@Id` : 기본키(Primary Key)
 - `@GeneratedValue` : 자동 생성
   - `IDENTITY` : DB에 위임
   - `SEQUENCE` : 시퀀스 사용
**Step 3.** 실행
%%%%
용어를 먼저 정리하자.

§n
: §n을 저장하는 곳

§n(§e)
: §n을 **실행**하는 주체
: 또는 그 단위

HTML과 CSS, 그리고 JS.

*[HTML]: 하이퍼텍스트
*[CSS]: 겉모양

자세한 것은 각주[^a] 참고[^b].

[^a]: §n에서 §n까지.
[^b]: 여러 줄인 각주는

    이렇게 쓴다.

        코드도
%%%%
## 목차
- [1. §n](#1-§n)
- [2. §n (§e)](#2-§n)
    - [2.1 §n](#21-§n)
<br><br>

## 1. §n
내용...
<br><br>

## 2. §n (§e)
내용...

### 2.1 §n
[위로](#목차)
<br><br>
%%%%
![cover](/assets/img/cover.png){: width="972" height="589" .w-75 .normal}
_그림 §d. §n의 구조_

위의 그림에서 §n은 §n에 연결된다. 이를 *§n 문제*라고 한다.

> 이 기능은 v2.0부터 지원합니다.
{: .prompt-info }

```console
$ bundle exec jekyll s -l
```
{: .nolineno }

> **주의**: `_config.yml`은 다시 읽지 않습니다.
{: .prompt-warning }
%%%%
### 변수
`var`, `let`, `const`가 있다.
  - `var` : 함수 스코프
  - `let` : 블록 스코프
  - `const` : 상수
### 호이스팅
선언이 **위로 끌어올려지는** 것 처럼 보이는 현상
  ```javascript
  console.log(a); // undefined
  var a = 1;
  ```
### 클로저
함수 + *렉시컬 환경(Lexical Environment)*
%%%%
[§n 강의](§u)를 듣고 정리한 글입니다.
{:.notice}

<span style="color:gray">*강의 자료의 저작권은 강사에게 있습니다.*</span>

---

### 섹션 §d. §n
- §n
- §n (a.k.a. `§c`)
    + §n
    + §n
- §n == §n ?
    + No! §n != §n

***
%%%%
**1. §n**

&nbsp;&nbsp;&nbsp;&nbsp;§n은 §n이다. &nbsp; 끝.

**2. §n**

&emsp;§n &rarr; §n &rarr; §n

&lt;§n&gt; 태그를 쓰면 된다.
%%%%
{% raw %}
```html
<ul>
  {% for post in site.posts %}
    <li><a href="{{ post.url }}">{{ post.title }}</a></li>
  {% endfor %}
</ul>
```
{% endraw %}
위 코드를 `index.html`에 넣으면 `{% raw %}{{ post.title }}{% endraw %}` 자리에 제목이 나온다.
%%%%
| 명령어 | 의미 |
|--------|------|
| `:w` | 저장 |
| `:q!` | 강제 종료 |
| `dd` | 한 줄 삭제 |
| `<C-v>` | 블록 선택 |
| <kbd>Esc</kbd> | 일반 모드 |

-> 외우기보단 *손에 익히자*
%%%%
<p align="center">
  <img src="/assets/§d.jpg" alt="§n">
  <br>
  <em>제주에서 찍은 §n</em>
</p>

3박 4일 일정이었다.

| 날짜 | 일정 | 비용 |
|:--|:--:|--:|
| 1일차 | §n, §n | 30,000원 |
| 2일차 | §n | 1~2만 원 |
| 합계 | | **5만원** |

택시비는 ~~만원~~ 2만원...
%%%%
- 2021.03.0§d
	- §n
		- §n 수정
		- §n 추가 (`feat: §n`)
	- 회의 @14:00

- 2021.03.1§d
	- §n

	메모: §n은 다음주에
%%%%
Q. "왜 `this`가 undefined인가요?"

A. 화살표 함수는 자신의 `this`가 없습니다.<br>바깥의 `this`를 그대로 씁니다.

```jsx
const onClick = () => this.setState({ a: 1 });
<button onClick={onClick}>눌러요</button>
```

정리하면

- 일반 함수: **호출**할 때 정해짐
- 화살표 함수: **선언**할 때 정해짐(Lexical this)
'''
def parse():
    return [s.strip("\n") for s in SECTIONS.split("%%%%\n") if s.strip()]
if __name__ == "__main__": print(len(parse()))
