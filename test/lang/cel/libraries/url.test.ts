// URLs: rows of our own; the values are what Kubernetes 1.37's CEL answers.
import { describeRows } from './evaluate.ts';

describeRows('URLs', {
  'are absolute, or paths': [
    ['isURL("https://example.com/a?b=c#d")', 'true'],
    ['isURL("/absolute/path")', 'true'],
    ['isURL("relative/path")', 'false'],
    ['isURL("mailto:user@example.com")', 'true'],
    ['isURL("")', 'false'],
    ['isURL("*")', 'true'],
    ['isURL("://x")', 'false'],
    ['isURL("http://a b/")', 'false'],
    ['isURL("http://h:port/")', 'false'],
    ['isURL("http://[::1]:8080/")', 'true'],
    ['isURL("http://[::1/")', 'false'],
    ['isURL("http://[1.2.3.4]/")', 'false'],
    ['isURL("http://::1/")', 'false'],
    ['isURL("/%zz")', 'false'],
    ['isURL("http://h\\n/")', 'false'],
    ['url("x y")', 'error'],
  ],
  'give their parts': [
    ['url("HTTPS://user:pw@Example.com:8443/p?q").getScheme()', '"https"'],
    ['url("https://user:pw@example.com:8443/p").getHost()', '"example.com:8443"'],
    ['url("https://user:pw@example.com:8443/p").getHostname()', '"example.com"'],
    ['url("https://user:pw@example.com:8443/p").getPort()', '"8443"'],
    ['url("https://[fe80::1%25eth0]:80/").getHostname()', '"fe80::1%eth0"'],
    ['url("https://[2001:db8::1]/").getHost()', '"[2001:db8::1]"'],
    ['url("/p").getHost()', '""'],
    ['url("https://h/a b/%2f/é").getEscapedPath()', '"/a%20b///%C3%A9"'],
    ['url("https://h/a%20b?c").getEscapedPath()', '"/a%20b"'],
    ['url("https://h").getEscapedPath()', '""'],
    ['url("https://h/p#frag").getEscapedPath()', '"/p"'],
    ['url("https://h?a=1&b=2&a=3&c").getQuery()', '{"a":["1","3"],"b":["2"],"c":[""]}'],
    ['url("https://h?a=%20+x&b=%zz&c;d=1&=e").getQuery()', '{"":["e"],"a":["  x"]}'],
    ['url("https://h").getQuery()', '{}'],
  ],
  'are equal by their text': [
    ['url("http://a/") == url("HTTP://a/")', 'true'],
    ['url("http://a") == url("http://a/")', 'false'],
    ['url("http://a/%41") == url("http://a/A")', 'false'],
  ],
});
