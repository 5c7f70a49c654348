import Foundation

/// Who may ask what. Goals in order: no other site reaches the studio through the user's browser;
/// nobody else on the network does; no request is larger than what it asks for needs.
struct RequestGuard: Sendable {
    /// What a page must say to change something; made anew at every start.
    let token: String
    /// The host that was asked for with `--host`; nil for the loopback alone.
    let host: String?

    static let tokenHeader = "X-Adjoint-Token"
    static let cookie = "adjoint-token"
    /// The largest body of a request, in bytes; uploads of traces may have more.
    static let bodyLimit = 1 << 20
    static let uploadLimit = 64 << 20

    /// 32 characters that cannot be guessed.
    static func makeToken() -> String {
        var random = SystemRandomNumberGenerator()
        return [
            UInt64.random(in: 0 ... .max, using: &random), .random(in: 0 ... .max, using: &random),
        ]
        .map {
            String(repeating: "0", count: 16 - String($0, radix: 16).count) + String($0, radix: 16)
        }
        .joined()
    }

    static func limit(path: String) -> Int {
        path == "/api/traces" ? uploadLimit : bodyLimit
    }

    /// Throws the refusal of a request that is not to be answered.
    func check(_ request: StudioRequest) throws {
        guard let name = request.header("Host").map(Self.hostName), isKnown(name) else {
            throw StudioError(
                421, "wrong-host",
                "this studio answers to localhost, 127.0.0.1 and [::1]"
                    + (host.map { ", and to \($0)" } ?? "") + ": open it under one of these names")
        }
        if request.isBodyCut || request.body.count > Self.limit(path: request.path) {
            throw StudioError(
                413, "too-large",
                "the body is larger than \(Self.limit(path: request.path) >> 20) MB, the most "
                    + "that is taken here")
        }
        guard !["GET", "HEAD"].contains(request.method) else { return }
        let type = request.header("Content-Type")?.split(separator: ";").first
            .map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        guard type == "application/json" || type == "application/x-ndjson" else {
            throw StudioError(
                415, "media-type", "what changes something is sent as application/json")
        }
        guard Self.isSame(request.header(Self.tokenHeader) ?? "", token) else {
            throw StudioError(
                403, "wrong-token",
                "the header \(Self.tokenHeader) does not hold this start's token: the studio was "
                    + "started anew since the page was loaded; load it again")
        }
    }

    /// True for a request that may read, where more than this machine can reach the studio.
    func mayRead(_ request: StudioRequest) -> Bool {
        guard host != nil else { return true }
        return Self.isSame(request.header(Self.tokenHeader) ?? "", token)
            || Self.isSame(request.parameter("token") ?? "", token)
            || cookies(request).contains { Self.isSame($0, "\(Self.cookie)=\(token)") }
    }

    /// The cookie that lets the browser of a token's address read on.
    var cookieHeader: String { "\(Self.cookie)=\(token); Path=/; HttpOnly; SameSite=Strict" }

    private func cookies(_ request: StudioRequest) -> [String] {
        (request.header("Cookie") ?? "").split(separator: ";")
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private func isKnown(_ name: String) -> Bool {
        if ["localhost", "127.0.0.1", "[::1]"].contains(name) { return true }
        guard let host else { return false }
        // Every address of the machine has a name of its own; the token is asked for then.
        return ["0.0.0.0", "::"].contains(host) || name == host.lowercased()
            || name == "[\(host.lowercased())]"
    }

    /// The name in a Host header, without the port: "[::1]" of "[::1]:8080".
    static func hostName(_ header: String) -> String {
        let text = header.lowercased()
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let rest = text[text.index(after: end)...]
            return rest.isEmpty || rest.hasPrefix(":") ? String(text[...end]) : text
        }
        return String(text.split(separator: ":", maxSplits: 1).first ?? "")
    }

    /// Equal, in a time that does not tell how much of it is.
    static func isSame(_ a: String, _ b: String) -> Bool {
        let a = Array(a.utf8), b = Array(b.utf8)
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
