import Foundation
import Testing

@testable import AdjointStudioCore

/// Who may ask what, and what is refused.
@Suite struct SafetyTests {
    @Test(
        "the names of the loopback are answered, with any port",
        arguments: [
            "localhost", "LOCALHOST:9", "127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:8080",
        ])
    func hosts(_ host: String) async {
        #expect(await StudioClient().get("/api/traces", host: host).status == 200)
    }

    @Test(
        "any other name is refused: a site whose name leads here reads nothing",
        arguments: [
            "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::2]",
            "[::1]evil", "0.0.0.0", "127.0.0.2",
        ])
    func foreignHosts(_ host: String) async {
        #expect(await StudioClient().get("/api/traces", host: host).status == 421)
    }

    @Test("a request without a host is refused")
    func noHost() async {
        let client = StudioClient()
        #expect(await client.core.handle(client.request("GET", "/", [])).status == 421)
    }

    @Test("what changes something needs JSON and this start's token")
    func token() async {
        let client = StudioClient()
        func status(_ headers: [(String, String)]) async -> Int {
            let request = client.request(
                "POST", "/api/traces", [("Host", "localhost")] + headers, Data("{}".utf8))
            return await client.core.handle(request).status
        }
        let json = ("Content-Type", "application/json; charset=utf-8")
        let token = (RequestGuard.tokenHeader, client.core.token)
        #expect(await status([token]) == 415)
        #expect(await status([("Content-Type", "text/plain"), token]) == 415)
        #expect(await status([json]) == 403)
        #expect(await status([json, (RequestGuard.tokenHeader, "0")]) == 403)
        #expect(
            await status([json, (RequestGuard.tokenHeader, StudioClient().core.token)]) == 403)
        #expect(await status([json, token]) != 403)
    }

    @Test("a body that is too large is refused, where it was cut and where it was not")
    func size() async throws {
        let client = StudioClient()
        let large = String(repeating: " ", count: RequestGuard.bodyLimit + 1)
        #expect(await client.post("/api/run", large).status == 413)
        let cut = client.request(
            "POST", "/api/traces", [("Host", "localhost")], isBodyCut: true)
        let response = await client.core.handle(cut)
        #expect(response.status == 413)
        #expect(
            try response.object["message"] as? String == "the body is larger than 64 MB, the "
                + "most that is taken here")
    }

    @Test(
        "paths that climb or cannot be read are refused",
        arguments: [
            "/assets/../index.html", "/assets/%2e%2e/index.html", "/assets/a%00b", "/%ff",
            "/assets/./a", "http://localhost/",
        ])
    func paths(_ path: String) async {
        #expect(await StudioClient().get(path).status == 400)
    }

    @Test("a file outside the folder of the pages is not served, however it is named")
    func assetFolder() async throws {
        try await withStudioFolder(["web/index.html": "<head></head>", "secret.txt": "s"]) {
            folder in
            try FileManager.default.createSymbolicLink(
                at: folder.appendingPathComponent("web/link.txt"),
                withDestinationURL: folder.appendingPathComponent("secret.txt"))
            var configuration = StudioCore.Configuration()
            configuration.assets = StudioAssets(folder: folder.path + "/web")
            let client = StudioClient(configuration)
            for path in ["/assets/..%2Fsecret.txt", "/assets/link.txt", "/assets/none.js"] {
                #expect(await client.get(path).status == 404, "\(path)")
            }
            #expect(await client.get("/assets/index.html").status == 200)
            #expect(await client.get("/").text().contains("content=\"\(client.core.token)\""))
        }
    }

    @Test("every answer says what the page may load, and that its type is not guessed")
    func headers() async {
        let client = StudioClient()
        for target in ["/api/traces", "/api/none", "/"] {
            let response = await client.get(target)
            #expect(
                response.header("Content-Security-Policy")
                    == "default-src 'none'; script-src 'self'; style-src 'self'; "
                    + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
                    + "form-action 'none'; frame-ancestors 'none'")
            #expect(response.header("X-Content-Type-Options") == "nosniff")
            #expect(response.header("Cache-Control") == "no-cache")
        }
    }

    @Test("routes that are not there and methods that do not fit are told apart")
    func routes() async {
        let client = StudioClient()
        #expect(await client.get("/api/none").status == 404)
        #expect(await client.get("/api/traces/none").status == 404)
        let response = await client.post("/quiz", "{}")
        #expect(response.status == 405 && response.header("Allow") == "GET")
    }

    @Test("from other machines, everything needs the token, which becomes a cookie")
    func otherHost() async {
        var configuration = StudioCore.Configuration()
        configuration.host = "0.0.0.0"
        let client = StudioClient(configuration)
        let token = client.core.token
        #expect(await client.get("/api/traces", host: "box.lan:80").status == 403)
        #expect(await client.get("/api/traces?token=0", host: "box.lan:80").status == 403)
        let first = await client.get("/?token=\(token)", host: "box.lan:80")
        #expect(first.status == 303 && first.header("Location") == "/")
        #expect(first.header("Set-Cookie")?.contains("HttpOnly; SameSite=Strict") == true)
        let cookie = "other=1; \(RequestGuard.cookie)=\(token)"
        #expect(
            await client.get("/api/traces", [("Cookie", cookie)], host: "box.lan:80").status == 200)
        configuration.host = "10.0.0.5"
        let named = StudioClient(configuration)
        #expect(await named.get("/api/traces", host: "10.0.0.5:80").status == 403)
        #expect(await named.get("/api/traces", host: "box.lan").status == 421)
    }
}
