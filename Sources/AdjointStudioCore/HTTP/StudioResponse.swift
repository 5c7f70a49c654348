public import Foundation

/// What the studio answers.
public struct StudioResponse: Sendable {
    /// The body: known as a whole, or made while it is sent.
    public enum Body: Sendable {
        /// JSON, in UTF-8.
        case json(Data)
        /// Bytes of a media type.
        case bytes(Data, type: String)
        /// Parts as they come; the receiver's pull is the pace, and its end the end.
        case stream(StudioStream, type: String)
    }

    /// The HTTP status.
    public var status: Int
    /// What is sent after the headers.
    public var body: Body
    /// Headers beside those that every answer has.
    public var headers: [(name: String, value: String)]

    init(_ body: Body, status: Int = 200, headers: [(name: String, value: String)] = []) {
        self.status = status
        self.body = body
        self.headers = headers
    }

    /// The words beside the status.
    public var reason: String {
        let reasons = [
            200: "OK", 201: "Created", 303: "See Other", 304: "Not Modified", 400: "Bad Request",
            403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict",
            413: "Content Too Large", 415: "Unsupported Media Type", 421: "Misdirected Request",
            422: "Unprocessable Content", 499: "Client Closed Request",
            500: "Internal Server Error", 503: "Service Unavailable",
        ]
        return reasons[status] ?? "Status \(status)"
    }

    /// The media type of the body.
    public var contentType: String {
        switch body {
        case .json: "application/json"
        case .bytes(_, let type), .stream(_, let type): type
        }
    }

    /// The headers to send, but for the length of the body.
    public var allHeaders: [(name: String, value: String)] {
        [("Content-Type", contentType)] + Self.always + headers
    }

    /// Nothing comes from elsewhere, nothing is framed, and no type is guessed.
    private static let always: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                + "connect-src 'self'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cache-Control", "no-cache"),
    ]

    /// A value as JSON. Numbers that JSON lacks become "NaN", "Infinity" and "-Infinity".
    static func json(_ value: some Encodable, status: Int = 200) -> StudioResponse {
        do {
            return StudioResponse(.json(try StudioJSON.data(value)), status: status)
        } catch {
            return StudioError(500, "internal", "the answer cannot be written: \(error)").response
        }
    }

    /// The whole body where it is known before it is sent.
    public var data: Data? {
        switch body {
        case .json(let data), .bytes(let data, _): data
        case .stream: nil
        }
    }
}

/// Parts of a body that is made while it is sent.
public struct StudioStream: AsyncSequence, Sendable {
    private let make: @Sendable () -> AsyncStream<Data>

    /// - Parameter next: Gives the next part; nil at the end. It is not called while the part
    ///   before is still being sent.
    init(_ next: @escaping @Sendable () async -> Data?) {
        make = { AsyncStream(unfolding: next) }
    }

    public func makeAsyncIterator() -> AsyncStream<Data>.AsyncIterator {
        make().makeAsyncIterator()
    }
}

/// JSON as the studio writes and reads it.
enum StudioJSON {
    static func data(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return try encoder.encode(value)
    }

    /// A value that a request's body holds.
    ///
    /// - Throws: A `StudioError` with status 400 that says what is wrong with the body.
    static func value<T: Decodable>(_ type: T.Type, from data: Data) throws -> T {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        do {
            return try decoder.decode(type, from: data)
        } catch let error as StudioError {
            throw error
        } catch let error as DecodingError {
            throw StudioError(400, "bad-json", "the body is not what was expected: \(words(error))")
        } catch {
            throw StudioError(400, "bad-json", "the body is no JSON")
        }
    }

    private static func words(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? "the object" : "'\(path)'"
        }
        switch error {
        case .keyNotFound(let key, _): return "'\(key.stringValue)' is missing"
        case .typeMismatch(let type, let context): return "\(place(context)) should be \(type)"
        case .valueNotFound(let type, let context): return "\(place(context)) should be \(type)"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty ? "it is no JSON" : "\(place(context)) is not valid"
        @unknown default: return "it cannot be read"
        }
    }
}
