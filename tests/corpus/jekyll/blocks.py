# -*- coding: utf-8 -*-
# Block fragments, separated by lines of "%%%%"; kinds by "%%%% NAME"
BLOCKS = r'''
%%%% head
## §h
%%%% head
### §h
%%%% head
# §h
%%%% head
#### §h ####
%%%% head
##§h
%%%% head
## §h {#custom-id}
%%%% head
## §h
{: .no_toc }
%%%% head
### §h{: .text-red}
%%%% head
§h
===
%%%% head
§h
---
%%%% head
§n §n
§h
----------
%%%% head
 ## §h
%%%% head
<br>
## §h
%%%% head
<br>

## §h
%%%% head
<br/>
### §h
<br/>
§p
%%%% head
§p
## §h
§p
%%%% head
## §h
- §i
- §i
%%%% head
---
## §h
---
%%%% head
***

# §h

***
%%%% head
<h2>§h</h2>
%%%% head
<h3 id="x">§n</h3>
§p
%%%% head
## <a name="§d"></a>§h
%%%% head
## <span style="color:blue">§n</span> §i
%%%% head
#### §i
%%%% head
#§n #§n #§n
%%%% head
## 
§p
%%%% head
####### §h
%%%% head
## §h
### §h
#### §h
§p
%%%% para
§p
%%%% para
§p
%%%% para
§p
%%%% para
§p
%%%% para
§p
%%%% para
§s
§s
%%%% para
§s  
§s  
§s
%%%% para
§s\
§s
%%%% para
§s<br>
§s<br/>
<br>
§s
%%%% para
  §s
§s
%%%% para
   §p
%%%% para
&nbsp;

§p
%%%% para
　§s
　§s
%%%% para
§s
    §s
%%%% para
§p
{: .notice--info}
%%%% para
§p
{: .notice--warning }
%%%% para
{: .notice}
§p
%%%% para
§p {: .small}
%%%% para
**§n** 
§p
%%%% para
**Q. §n §n?**  
A. §p
%%%% para
**[§n]** §p
%%%% para
**§n**
- §i
- §i
%%%% para
> §p
%%%% para
1. §s
%%%% para
§d. §s
%%%% para
\- §s
\- §s
%%%% para
\1. §s
%%%% para
§d) §s
§d) §s
%%%% para
① §s
② §s
%%%% para
* §s
%%%% para
+ §s
%%%% para
:§n
%%%% para
§n
: §s
%%%% para
§n
:   §s

§n
:   §s

    §s
%%%% para
§n
§n
: §s
: §s
%%%% para
§n : §s
§n : §s
%%%% para
#§n
%%%% para
=== §n ===
%%%% para
[§n](§u)
[§n](§u)
%%%% para
- [§n](§u)
- [§n](§u "§n")
- <§u>
%%%% para
참고: §u
%%%% para
출처 : <§u>
%%%% para
[참고]  
§u  
§u
%%%% list
- §i
- §i
- §i
%%%% list
* §s
* §s
%%%% list
+ §s
+ §s
%%%% list
1. §s
2. §s
3. §s
%%%% list
1) §s
2) §s
%%%% list
§p
- §s
- §s
%%%% list
§p
1. §s
2. §s
%%%% list
§p
* §s
§p
%%%% list
- §s
§s
%%%% list
- §s

  §s
- §s
%%%% list
- §s

    §s

- §s
%%%% list
- §s
  - §s
  - §s
    - §s
- §s
%%%% list
- §s
    - §s
        - §s
    - §s
- §s
%%%% list
- §s
   - §s
      - §s
%%%% list
- §s
	- §s
		- §s
	- §s
- §s
%%%% list
- §s
 - §s
  - §s
   - §s
%%%% list
1. §s
  - §s
  - §s
2. §s
  - §s
%%%% list
1. §s
   - §s
   - §s
2. §s
   - §s
%%%% list
1. §s
    - §s
    - §s
2. §s
    1. §s
    2. §s
%%%% list
1. §s
	- §s
2. §s
	* §s
%%%% list
* §s
  1. §s
  2. §s
* §s
  1. §s
%%%% list
* §s
   1. §s
   2. §s
* §s
%%%% list
- §s
* §s
+ §s
%%%% list
- §s
1. §s
- §s
%%%% list
1. §s
- §s
2. §s
%%%% list
- §s


- §s
%%%% list
- §s

* §s
%%%% list
1. §s

2. §s

3. §s
%%%% list
3. §s
4. §s
%%%% list
1. §s
1. §s
1. §s
%%%% list
- §s  
  §s
- §s<br>§s
%%%% list
- **§n** : §s
- **§n(§e)** : §s
- **§n**
  - §s
%%%% list
- **§n**

  §p

- **§n**

  §p
%%%% list
-§n
-§n
%%%% list
1.§n
2.§n
%%%% list
-   §s
-   §s
%%%% list
-     §s
- §s
%%%% list
1.  §s

    §s

2.  §s
%%%% list
 - §s
 - §s
%%%% list
  - §s
  - §s
%%%% list
   - §s
      - §s
%%%% list
    - §s
%%%% list
- [ ] §n
- [x] §n
- [X] §s
- [x]§n
%%%% list
1. [ ] §s
2. [x] §s
%%%% list
- 
- §s
-
%%%% list
- §s
-
- §s
%%%% list
* 

* §s
%%%% list
- §s
  > §s
- §s
%%%% list
- > §s
- # §h
%%%% list
- ## §h
  §s
%%%% list
- §s
## §h
%%%% list
- §s
---
§p
%%%% list
- §s
***
%%%% list
- §s

---

- §s
%%%% list
- §s
  ```java
  int a = §d;
  ```
- §s
%%%% list
- §s

  ```python
  print("§n")
  ```

- §s
%%%% list
- §s

    ```python
    def f(x):
        return x * 2
    ```

- §s
%%%% list
- §s
    ```sh
    $ ls -al | grep §n
    ```
- §s
%%%% list
- §s
	```js
	const a = () => {
		return 1;
	}
	```
- §s
%%%% list
1. §s
```bash
npm install
```
2. §s
```bash
npm start
```
%%%% list
1. §s

```bash
npm install
```

2. §s
%%%% list
1. §s
   ```bash
   git add .
   ```
2. §s
   ```bash
   git commit -m "§n"
   ```
%%%% list
1. §s
  ```bash
  make
  ```
2. §s
%%%% list
- §s

        들여쓴 코드
        둘째 줄

- §s
%%%% list
- §s
  ![§n](§f)
- §s

  ![§n](§f)
%%%% list
- §s
![§n](§f)
- §s
%%%% list
- §s
  | a | b |
  |---|---|
  | §n | §n |
- §s
%%%% list
- §s

  | a | b |
  |---|---|
  | §n | §n |
%%%% list
- §s
<br>
- §s
%%%% list
- §s<br>
  §s<br>
- §s
%%%% list
- §s

<br>

- §s
%%%% list
- §s
  <br>
  §s
%%%% list
- §s
  <img src="§f">
  §s
%%%% list
- <b>§n</b>
- <div>§n</div>
- §s
%%%% list
- $$x^2$$
- $$
  a = b
  $$
- §s
%%%% list
- §s
{: .list-a}
%%%% list
- §s
- §s
{:.b}
%%%% list
- {:.c} §s
- §s
%%%% list
* §s
{: #id1}
* §s
%%%% list
- §s
  {: .d}
- §s
%%%% list
1. §s
{:start="3"}
%%%% list
- §n: 
    - §s
- §n:
   1. §s
      - §s
   2. §s
%%%% list
- §s
  - §s

    §s

  - §s

- §s
%%%% list
- §s

  - §s

    - §s
%%%% list
* §s
    * §s
  * §s
* §s
%%%% list
* §s
      * §s
  * §s
%%%% list
- §s
     §s
- §s
 §s
%%%% list
- §s

 §s
- §s
%%%% list
- §s

   §s
- §s
%%%% list
* *§n*
* **§n**
* ***§n***
* * §s
* - §s
%%%% list
- - - §s
%%%% list
1. 1. §s
2. - §s
%%%% list
- 1. §s
- 2. §s
%%%% list
2021. §n
%%%% list
10. §s
11. §s
    - §s
%%%% list
9. §s
10. §s
   - §s
100. §s
%%%% list
- §s.
- §d. §s
- §d) §s
%%%% list
a. §s
b. §s
%%%% list
가. §s
나. §s
%%%% list
• §s
• §s
%%%% list
· §s
· §s
%%%% list
– §s
– §s
%%%% list
* §s
  `§c`
* `§c` : §s
* "§n" - §s
%%%% list
- §s;
- (§n) §s
- '§n' : §s
- "§n"
- &lt;§n&gt;
- <§n>
%%%% list
- §n
: §s
%%%% list
- §s

§p

- §s

§p
%%%% list
- §s

    - §s

- §s
%%%% list
- §s
    
    - §s
    
- §s
%%%% list
- §s
  
  §s
  
%%%% list
- §s
	
	§s
%%%% list
1. **§n**

   §s

   - §s
   - §s

2. **§n**

   §s
%%%% list
- §s
  1. §s
  2. §s
     - §s
     - §s
  3. §s
- §s
%%%% list
^
- §s
^
- §s
%%%% toc
* TOC
{:toc}
%%%% toc
1. 목차
{:toc}
%%%% toc
* 이 줄은 목차로 바뀐다
{:toc .large-only}
%%%% toc
- [§n](#§n)
  - [§n](#§n-1)
    - [§n](#§n)
- [§n](#§n)

<!-- toc -->
%%%% code
```
§n §c
```
%%%% code
```java
public class Main {
    public static void main(String[] args) {
        System.out.println("§n"); // §s
    }
}
```
%%%% code
``` python
def solve(n):
    """§n"""
    return [i ** 2 for i in range(n)]
```
%%%% code
```python:app.py
import os
print(os.getcwd())
```
%%%% code
```js {1,3-4}
const a = 1;
let b = `${a}`;
```
%%%% code
```c++
#include <bits/stdc++.h>
int main() { vector<pair<int,int>> v; v[0] << 1; }
```
%%%% code
```C#
var x = list.Where(p => p.Id > 3);
```
%%%% code
```bash title="설치.sh" showLineNumbers
sudo apt install §c
```
%%%% code
```자바
클래스 §n
```
%%%% code
```shell script
$ echo "$HOME" && exit
```
%%%% code
```javascript=
// hackmd 식
console.log('§n')
```
%%%% code
```{.python .numberLines}
x = 1
```
%%%% code
```{r, echo=FALSE}
summary(df)
```
%%%% code
```yml
key: "§n"
list:
  - a
  -  b
```
%%%% code
```json
{ "name": "§n", "값": [1, 2, { "a": null }] }
```
%%%% code
```html
<div class="a">
  <p>§n &nbsp; &lt;</p>

  <br>
</div>
```
%%%% code
```diff
- §n
+ §n
```
%%%% code
```console
root@host:~# docker ps -a
```
%%%% code
```mermaid
graph TD;
A-->B;
```
%%%% code
```text
*§n* **§n** _§n_ <b> "§n" -- ...
```
%%%% code
```markdown
# §h
- §s
`code`
```
%%%% code
````md
```js
let a;
```
````
%%%% code
~~~
§c
~~~
%%%% code
~~~ ruby
puts "§n"
~~~
%%%% code
~~~~
~~~
§n
~~~
~~~~
%%%% code
~~~python
x = {'a': 1}
```
~~~
%%%% code
§p
```java
int x;
```
§p
%%%% code
§p
```
§n
```
%%%% code
```sql
SELECT * FROM users WHERE name = '§n' AND age >= 3;
```
{: .nolineno }
%%%% code
```python
print(1)
```
{: file="a/b.py" }
%%%% code
{: .nolineno}
```python
print(2)
```
%%%% code
```   
§n
```   
%%%% code
 ```java
 int y;
 ```
%%%% code
  ```java
  int y;
  ```
%%%% code
   ```
   세 칸
   ```
%%%% code
    ```
    네 칸
    ```
%%%% code
	```go
	func main() {}
	```
%%%% code
```kotlin

fun main() {


    println("§n")
}

```
%%%% code
```
	탭	문자
  공백  
```
%%%% code
    들여쓴 코드 §c
    둘째 줄

    셋째 줄
%%%% code
	탭 코드 §c
	  둘째
%%%% code
§p

    코드
§p
%%%% code
§p
    코드 아님
%%%% code
```
```
%%%% code
```java
```
%%%% code
``` ```
%%%% code
```§n```
%%%% code
```§n``` §s
%%%% code
```java int a; ```
%%%% code
`​``
§n
`​``
%%%% code
``
§n §c
``
%%%% code
`
§n
`
%%%% code
{% highlight java %}
int a = 1;
List<String> b;
{% endhighlight %}
%%%% code
{% highlight python linenos %}
def f():
    return "§n"

print(f())
{% endhighlight %}
%%%% code
§p
{% highlight ruby %}
puts 1
{% endhighlight %}
§p
%%%% code
- §s
{% highlight sh %}
ls
{% endhighlight %}
%%%% code
{% highlight html %}
<a href="#">§n</a>

<b>&amp;</b>
{% endhighlight %}
%%%% code
{% raw %}
```html
{{ value }} {% if x %}
```
{% endraw %}
%%%% code
```liquid
{% raw %}{% for i in (1..3) %}{{ i }}{% endfor %}{% endraw %}
```
%%%% code
```jsx
<Component style={% raw %}{{ color: 'red' }}{% endraw %} />
```
%%%% code
<pre><code class="language-java">int a = 1 &lt; 2;
  *not* **md**

List&lt;String&gt; §n;
</code></pre>
%%%% code
<pre>
§n   *x*

§n
</pre>
%%%% code
<code>§n</code>
%%%% code
```tex
\frac{a}{b} \\
```
%%%% code
```vue
<template><div>{% raw %}{{ msg }}{% endraw %}</div></template>
```
%%%% code
```objc
[obj doIt:@"x"];
```
%%%% code
```dockerfile
FROM ubuntu:20.04
RUN apt-get update \
 && apt-get install -y vim
```
%%%% code
```php
<?php echo "§n"; ?>
```
%%%% code
```ini
[§n]
a = b ; 주석
```
%%%% code
```plaintext
§n
	§n
```
%%%% code
```r
x <- c(1,2,3)
```
%%%% code
```xml
<bean id="a"><!-- §n --></bean>
```
%%%% code
```swift
let x: Int? = nil
```
%%%% code
```assembly
mov eax, 1
```
%%%% code
```tsx
const A: React.FC<Props> = ({ a }) => <div>{a}</div>;
```
%%%% code
```properties
a.b=c
```
%%%% code
```Java
String s;
```
%%%% code
```cpp
cout<<"a"<<endl; // §n
for(int i=0;i<n;i++) a[i]=i;
```
%%%% table
| §n | §n |
|---|---|
| §i | §i |
| §i | §i |
%%%% table
|§n|§n|§n|
|:---|:---:|---:|
|§i|§i|§i|
|§n|§n|
%%%% table
§n | §n
---|---
§i | §i
§n | `§c`
%%%% table
§n | §n | §n
:--: | --: | :--
§n | §n | §n
%%%% table
§p
| §n | §n |
|---|---|
| §n | §n |
%%%% table
|---|---|
| §n | §n |
%%%% table
| §n | §n |
| §n | §n |
%%%% table
§n | §n
%%%% table
§s | §s
§s
%%%% table
| §n | `a|b` |
|---|---|
| `x||y` | §n \| §n |
%%%% table
| §n |
|:-:|
| ![§n](§f) |
| *§n* |
%%%% table
| §n | §n |
|:--|:--|
| §n<br>§n | <b>§n</b> |
| **§n(§e)**§j | [§n](§u) |
%%%% table
| §n | §n |
|----+----|
| §n | §n |
|====|====|
| §n | §n |
{: .table}
%%%% table
|  | §n |
|--|--|
|  |  |
| §n | |
%%%% table
  | §n | §n |
  |---|---|
  | §n | §n |
%%%% table
| §n | §n |
|---|---|
| §n | §n |
§p
%%%% table
| §n | §n |
| --- | --- |
| §n | §n |

{: .table-wide}
%%%% table
|§n|
|-|
|§n|
%%%% table
| §n | §n
|---|---
| §n | §n
%%%% table
§n|§n
-|-
§n|§n
%%%% table
| a | b |
|---|:-:|
| "§n" | '§n' |
| -- | ... |
| $x|y$ | $$a|b$$ |
%%%% table
<table>
  <tr><th>§n</th><th>§n</th></tr>
  <tr>
    <td>**§n**</td>
    <td>§n<br>§n</td>
  </tr>
</table>
%%%% table
<table border="1">
<thead>
<tr><td>§n

</td></tr>
</thead>

<tbody>
<tr><td>§n "§n"</td></tr>
</tbody>
</table>
§p
%%%% table
<table markdown="1">
<tr><td>*§n*</td></tr>
</table>
%%%% table
| §n | §n |
|:-----|------|
|| §n |
|---
| §n | §n |
%%%% table
+---+---+
| a | b |
+---+---+
| 1 | 2 |
+---+---+
%%%% table
| Method | 설명 |
|:------:|------|
| `add(E e)` | §s |
| `<T> T[] toArray(T[] a)` | §s |
| `a \| b` | §s |
%%%% quote
> §s
%%%% quote
> §s
> §s
%%%% quote
> §s
§s
%%%% quote
>§s
>§s
%%%% quote
> §s  
> - §k
%%%% quote
> §s
>
> §s
%%%% quote
> §s

> §s
%%%% quote
> §s
>> §s
>>> §s
%%%% quote
> > §s
> §s
%%%% quote
> - §s
> - §s
%%%% quote
> 1. §s
>   - §s
> 2. §s
%%%% quote
> ```python
> print(1)
> ```
%%%% quote
> ## §h
> §s
%%%% quote
> §s
{: .prompt-tip }
%%%% quote
> **§n**
> §s
{: .notice--primary}
%%%% quote
§p
> §s
§p
%%%% quote
> §s
- §s
%%%% quote
> §s
## §h
%%%% quote
> §s
---
%%%% quote
>
> §s
>
%%%% quote
> §s<br>
> §s
%%%% quote
 > §s
   > §s
%%%% quote
> | a | b |
> |---|---|
> | §n | §n |
%%%% quote
>     코드
%%%% quote
> **Note**: §s
> <br>
> §s
%%%% quote
> 💡 §s
> {: .x}
%%%% quote
- §s
> §s
%%%% quote
> [!NOTE]
> §s
%%%% quote
> "§n" -- §k
%%%% html
<div align="center">
<img src="§f">
</div>
%%%% html
<p align="center"><img src="§f" width="300"></p>
§p
%%%% html
<div class="notice">
§s

**§n**
</div>
%%%% html
<div class="notice" markdown="1">
§s

**§n**
- §s
</div>
%%%% html
<div markdown="1">**§n** §s</div>
%%%% html
<div class="notice--info" markdown="1">
#### §h
§p
</div>
§p
%%%% html
<details>
<summary>§n</summary>

```java
int a;
```

**§n**
</details>
%%%% html
<details markdown="1">
<summary>**§n** 보기</summary>

```java
int b;
```

- §s

</details>
%%%% html
<details><summary>접기/펼치기</summary>
<div markdown="1">

§p

| a | b |
|---|---|
| 1 | 2 |

</div>
</details>
%%%% html
<details>
  <summary>§n</summary>
  <p>§s</p>
  <ul><li>§n</li></ul>
</details>
<br>
%%%% html
<br>
%%%% html
<br/><br/>
%%%% html
<br>
<br>
%%%% html
<br>
§p
%%%% html
§p
<br>
%%%% html
§p
<br>
§p
%%%% html
<BR>
§p
%%%% html
</br>
§p
%%%% html
<center>§n</center>
%%%% html
<center><img src="§f"/></center>
<center>*§n*</center>
%%%% html
<iframe width="560" height="315" src="https://example.com/embed/x" frameborder="0" allowfullscreen></iframe>
%%%% html
<div class="video"><iframe src="https://example.com/embed/x?a=1&b=2"></iframe></div>
%%%% html
<iframe src="https://example.com/embed/y"
  width="100%"></iframe>
§p
%%%% html
<script>
  if (a < b && c > d) { alert("§n"); }

  var x = '*a* **b**';
</script>
%%%% html
<script async src="https://example.com/gtag.js?id=1"></script>
%%%% html
<style>
.a > .b { color: red; }

table { width: 100% }
</style>
%%%% html
<!-- §n -->
%%%% html
<!--
§p

## 숨은 제목
-->
%%%% html
<!-- §n -- §n -->
§p
%%%% html
§p
<!-- §n -->
§p
%%%% html
<!-- §n --> §s
%%%% html
<!--more-->
%%%% html
<img src="§f">
%%%% html
<img src="§f" width="70%" height="70%">
§p
%%%% html
<img src="§f"/>

§p
%%%% html
<figure>
  <img src="§f" alt="§n">
  <figcaption>§n **§n**</figcaption>
</figure>
%%%% html
<figure class="half">
    <a href="§f"><img src="§f"></a>
    <a href="§f"><img src="§f"></a>
    <figcaption>§n "§n"</figcaption>
</figure>
%%%% html
<a href="§u">§n</a>
%%%% html
<a href="§u"><img src="§f"></a>
§p
%%%% html
<span style="color:red">§n</span>
§p
%%%% html
<span class="a">
§p
</span>
%%%% html
<b>§n</b>
- §s
%%%% html
<div>
§p
%%%% html
</div>
§p
%%%% html
<ul>
  <li>§n</li>
  <li>**§n**
    <ul><li>§n</li></ul>
  </li>
</ul>
%%%% html
<ol>
<li>§n
<li>§n
</ol>
%%%% html
<h3>§n</h3>
<p>§n</p>
%%%% html
<hr>
§p
%%%% html
§p
<hr/>
%%%% html
<hr/>
%%%% html
<video controls src="§f"></video>
%%%% html
<p>§n
§p
%%%% html
<p>§n</p>§s
%%%% html
<p style="text-align:center">*§n*</p>
%%%% html
<p markdown="1">**§n** §s</p>
%%%% html
<font color="red">§n</font> §s
%%%% html
<blockquote>§n<br>§n</blockquote>
%%%% html
<blockquote markdown="1">
§p
</blockquote>
%%%% html
<div>
  <div>
    §n

    <p>§n</p>
  </div>

</div>
%%%% html
<div>
	<p>§s</p>
</div>
<div>
	§n
</div>
%%%% html
  <div>§n</div>
%%%% html
    <div>§n</div>
%%%% html
<div>§n</div> §s
%%%% html
§s <div>§n</div> §s
%%%% html
<section id="a"><h2>§n</h2></section>
%%%% html
<div markdown="block">
§p
</div>
%%%% html
<div markdown="span">
**§n** - §s
</div>
%%%% html
<div markdown="0">**§n**</div>
%%%% html
<ul markdown="1">
<li>**§n**</li>
</ul>
%%%% html
<div style="color: red;" class='a b' data-x=3 hidden>§n</div>
%%%% html
<input type="checkbox" checked> §n
%%%% html
<button onclick="f('§n')">§n</button>
%%%% html
<p>
<img src="§f">
</p>
%%%% html
<dl><dt>§n</dt><dd>§n</dd></dl>
%%%% html
<svg width="10" height="10"><path d="M0 0"/></svg>
%%%% html
<sub>§n</sub>
%%%% html
<u>§n</u>

§p
%%%% html
<mark>**§n**</mark>
%%%% html
<T> §s
%%%% html
<§n>
§p
%%%% html
<aside>
💡 §s
</aside>
%%%% html
<div class="a">
```java
int c;
```
</div>
%%%% html
<p>§n</p>
<p>§n</p>
## §h
%%%% html
<br>
- §s
- §s
<br>
%%%% html
<br>
```js
let z;
```
<br>
%%%% html
<br>
| a | b |
|---|---|
| 1 | 2 |
%%%% html
<br>
> §s
%%%% html
<br>
![§n](§f)
<br>
%%%% html
<br />§s
%%%% html
<noscript>§n</noscript>
%%%% html
<blockquote class="twitter-tweet"><p lang="ko" dir="ltr">§n <a href="https://example.com/t">pic</a></p>&mdash; §k (@x) <a href="https://example.com/s">2021년</a></blockquote> <script async src="https://example.com/widgets.js" charset="utf-8"></script>
%%%% html
<button type="button">§n</button><br>
§p
%%%% html
<textarea>
*§n*
</textarea>
%%%% html
<object data="x.pdf"></object>
%%%% html
<p>
	**§n**
</p>

§p
%%%% img
![§n](§f)
%%%% img
![§n](§f)
![§n](§f)
%%%% img
![§n](§f)
*§n*
%%%% img
![§n](§f){: .align-center width="300"}
%%%% img
![§n](§f){: width="700" height="400" }
_§n_
%%%% img
![§n](§f)
{: .text-center}
%%%% img
{: .center}
![§n](§f)
%%%% img
![§n](§f){: .a}{: .b style="x: y"}
%%%% img
![](§f)
§p
%%%% img
![§n][img1]
%%%% img
![§n](§f =300x200)
%%%% img
![§n](§f 설명)
%%%% img
![스크린샷 2021-01-01 오후 1.00.00](/assets/스크린샷 2021.png)
%%%% img
[![§n](§f)](§u)
%%%% img
[![§n](§f)](§u){: target="_blank"}
%%%% img
{:refdef: style="text-align: center;"}
![§n](§f)
{: refdef}
%%%% img
<center>

![§n](§f)

</center>
%%%% img
{% include figure.html src="/a.png" caption="§n **§n**" %}
%%%% img
{% include figure.html src="/a.png" %}
§p
%%%% img
{% include video.html id="abc123" %}
%%%% math
$$
E = mc^2
$$
%%%% math
$$ \sum_{i=1}^{n} x_i * y_i $$
%%%% math
$$
\begin{aligned}
a &= b \\
c &< d
\end{aligned}
$$
%%%% math
§p
$$
x_1 * x_2
$$
§p
%%%% math
§s $$a_1$$ §s $b_2$ §s
%%%% math
$$x$$§j §s
%%%% math
\\[ x_1 + y_1 \\]
%%%% math
\begin{equation}
x_1 * x_2 * x_3
\end{equation}
%%%% math
$$\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}$$
%%%% math
$a_1$, $b*c*d$, $\{x|y\}$ §s
%%%% math
\$\$ §n \$\$
%%%% math
$$ a $$ $$ b $$
%%%% hr
---
%%%% hr
***
%%%% hr
___
%%%% hr
- - -
%%%% hr
* * *
%%%% hr
----------------------
%%%% hr
§s
***
§s
%%%% hr
 ---
%%%% hr
--
%%%% hr
**
%%%% hr
===
%%%% hr
— — —
%%%% hr
--- §n ---
%%%% ext
*[HTML]: Hyper Text
*[§n]: §n §n
%%%% ext
§n[^f1] §s

[^f1]: §s
%%%% ext
[^note]: §s
    §s

    §s
%%%% ext
[^1]: §s
%%%% ext
[ref1]: https://example.com/ref "제목"
[img1]: /assets/ref.png
%%%% ext
[§n]: §u
%%%% ext
{::comment}
§p
{:/comment}
%%%% ext
{::nomarkdown}
<b>*§n*</b>
{:/nomarkdown}
%%%% ext
{::nomarkdown}<br>{:/}
%%%% ext
{::options parse_block_html="true" /}

<div>
**§n**
</div>

{::options parse_block_html="false" /}
%%%% ext
§s {::comment}§n{:/comment} §s
%%%% ext
§s {::nomarkdown}<u>*x*</u>{:/} §s
%%%% ext
{:.a: .x #y}
%%%% ext
{:warn: .notice--warning}

§p
{: warn}
%%%% ext
{: .lonely}
%%%% ext
{% comment %} §n {% endcomment %}
%%%% ext
{% assign x = "§n" %}
{{ x }} §s
%%%% ext
{%- assign y = 3 -%}
{% if y > 2 %}
§s
{% else %}
없음
{% endif %}
%%%% ext
{% for i in (1..3) %}
- §n {{ i }}
{% endfor %}
%%%% ext
{% capture c %}
**§n** §s
{% endcapture %}
<div class="notice">{{ c | markdownify }}</div>
%%%% ext
{% capture notice-2 %}
#### §h
* §s
{% endcapture %}

<div class="notice">
  {{ notice-2 | markdownify }}
</div>
%%%% ext
{% include toc %}
%%%% ext
{% include notice.html text="§n `§c`" %}
%%%% ext
{% raw %}{{ §n }}{% endraw %} §s
%%%% ext
{% unless site.nothing %}§s{% endunless %}
%%%% ext
![§n]({{ "/assets/x.png" | relative_url }})
%%%% ext
[§n]({{ "/§n/" | absolute_url }})
%%%% ext
{{ page.tags | join: ", " }} / {{ page.date | date: "%Y년 %m월" }} / {{ site.time | date: "%Y" }}
'''

def parse():
    out = []
    kind, lines = None, []
    for line in BLOCKS.strip("\n").split("\n"):
        if line.startswith("%%%%"):
            if kind: out.append((kind, "\n".join(lines)))
            kind, lines = line[4:].strip(), []
        else:
            lines.append(line)
    out.append((kind, "\n".join(lines)))
    return out
if __name__ == "__main__":
    b = parse(); print(len(b))
