import S3
import Testing

@Suite("Signature Version 4")
struct SignerTests {
    private let documented = S3Signer(
        credentials: S3Credentials(
            accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1")
    private let moment = S3Timestamp(seconds: 1_369_353_600)

    private func signature(_ authorization: String) -> Substring? {
        authorization.split(separator: "Signature=").last
    }

    private func sign(
        _ method: String, _ target: S3Target, _ headers: [(name: String, value: String)], _ hash: String
    ) -> Substring? {
        let all =
            headers + [
                ("Host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", hash),
                ("x-amz-date", moment.basic),
            ]
        return signature(
            documented.authorization(method: method, target: target, headers: all, payloadHash: hash, at: moment))
    }

    @Test("the examples of S3's documentation: a range, a key with a dollar, parameters without and with values")
    func documentedExamples() {
        #expect(moment.basic == "20130524T000000Z")
        #expect(
            sign("GET", S3Target(path: "/test.txt"), [("Range", "bytes=0-9")], S3Signer.emptyPayload)
                == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
        #expect(
            sign(
                "PUT", S3Target(path: "test$file.text"),
                [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
                "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
                == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
        #expect(
            sign("GET", S3Target(path: "/", query: [("lifecycle", "")]), [], S3Signer.emptyPayload)
                == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
        #expect(
            sign("GET", S3Target(path: "/", query: [("prefix", "J"), ("max-keys", "2")]), [], S3Signer.emptyPayload)
                == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    }

    @Test("the plainest example of the general test suite")
    func vanilla() {
        let signer = S3Signer(
            credentials: S3Credentials(
                accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1", service: "service")
        let time = S3Timestamp(seconds: 1_440_938_160)
        let authorization = signer.authorization(
            method: "GET", target: S3Target(path: "/"),
            headers: [("Host", "example.amazonaws.com"), ("X-Amz-Date", time.basic)],
            payloadHash: S3Signer.emptyPayload, at: time)
        #expect(time.basic == "20150830T123600Z")
        #expect(
            authorization
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        )
    }

    @Test("a path is encoded once and never normalised, a query sorted after it is encoded")
    func targets() {
        #expect(S3Target(path: "/b/a b+c/é%/~.-_!'()*").text == "/b/a%20b%2Bc/%C3%A9%25/~.-_%21%27%28%29%2A")
        #expect(S3Target(path: "/b//a/./../c/").text == "/b//a/./../c/")
        #expect(
            S3Target(path: "b", query: [("é", "1"), ("b", "2 +"), ("b", ""), ("a/", "=&")]).text
                == "/b?%C3%A9=1&a%2F=%3D%26&b=&b=2%20%2B")
    }

    @Test("header values are trimmed, their runs of spaces one, and values of the same name joined in their order")
    func headers() {
        let target = S3Target(path: "/")
        func sign(_ headers: [(name: String, value: String)]) -> String {
            documented.authorization(
                method: "GET", target: target, headers: headers, payloadHash: S3Signer.emptyPayload, at: moment)
        }
        #expect(
            sign([("Host", "h"), ("My-Header", "  a   b \t c "), ("my-header", "d")])
                == sign([("my-header", "a b c,d"), ("host", "h")]))
    }
}
