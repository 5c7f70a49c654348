public import Foundation

/// What a browser asks for, whichever server received it.
public struct StudioRequest: Sendable {
    /// "GET", in capitals.
    public var method: String
    /// The path as it was sent, with its percent escapes: "/api/traces/file%3A1".
    public var path: String
    /// What follows the question mark, with its percent escapes.
    public var query: String
    /// The body, as far as the server read it.
    public var body: Data
    /// True where the body was larger than the server was willing to read.
    public var isBodyCut: Bool
    private var headers: [String: String] = [:]

    /// - Parameter headers: Names in any case; of equal names the last counts.
    public init(
        method: String, path: String, query: String = "", headers: [(String, String)] = [],
        body: Data = Data(), isBodyCut: Bool = false
    ) {
        self.method = method.uppercased()
        self.path = path
        self.query = query
        self.body = body
        self.isBodyCut = isBodyCut
        for (name, value) in headers { self.headers[name.lowercased()] = value }
    }

    /// The value of a header, whose name may be written in any case.
    public func header(_ name: String) -> String? { headers[name.lowercased()] }

    /// The parts of the path between slashes, decoded one by one, so that an escaped slash stays
    /// within its part. Nil where an escape is no UTF-8, or where a part is "." or ".." or holds a
    /// zero: no page of the studio has such a path.
    var segments: [String]? {
        guard path.hasPrefix("/") else { return nil }
        var found: [String] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: true) {
            guard let text = String(part).removingPercentEncoding, text != ".", text != "..",
                !text.contains("\0")
            else { return nil }
            found.append(text)
        }
        return found
    }

    /// The parameters of the query, in order; "+" stands for a space, as in forms.
    var parameters: [(name: String, value: String)] { Self.parameters(of: query) }

    static func parameters(of query: String) -> [(name: String, value: String)] {
        func decoded(_ text: Substring) -> String {
            let spaced = text.replacing("+", with: " ")
            return String(spaced).removingPercentEncoding ?? String(spaced)
        }
        return query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
        }
    }

    /// The first parameter called `name`.
    func parameter(_ name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }
}
