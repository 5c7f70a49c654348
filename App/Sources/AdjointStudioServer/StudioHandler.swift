import AdjointStudioCore
import FlyingFox
import FlyingSocks
import Foundation

/// Turns the server's requests into the studio's, and the studio's answers into the server's.
struct StudioHandler: HTTPHandler {
    let core: StudioCore

    /// How much of a body that is too large is still read, so that its sender sees the answer.
    private static let drainLimit = 256 << 20

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        let path = request.target.path()
        var body = try await Self.read(
            request.bodySequence, limit: StudioCore.bodyLimit(path: path))
        if body.isCut { body.data = Data() }
        let response = await core.handle(
            StudioRequest(
                method: request.method.rawValue, path: path, query: request.target.query(),
                headers: request.headers.map { ($0.key.rawValue, $0.value) }, body: body.data,
                isBodyCut: body.isCut))
        return Self.response(
            response, isHead: request.method == .HEAD, thenClose: !body.isWhole)
    }

    private static func read(_ sequence: HTTPBodySequence, limit: Int) async throws
        -> (data: Data, isCut: Bool, isWhole: Bool)
    {
        var data = Data()
        var count = 0
        if let announced = sequence.count, announced > drainLimit { return (data, true, false) }
        for try await part in sequence {
            count += part.count
            if count <= limit { data += part }
            if count > drainLimit { return (data, true, false) }
        }
        return (data, count > limit, true)
    }

    private static func response(_ response: StudioResponse, isHead: Bool, thenClose: Bool)
        -> HTTPResponse
    {
        var headers = HTTPHeaders()
        for (name, value) in response.allHeaders { headers.addValue(value, for: HTTPHeader(name)) }
        if thenClose { headers[.connection] = "close" }
        let status = HTTPStatusCode(response.status, phrase: response.reason)
        switch response.body {
        case .json(let data), .bytes(let data, _):
            if isHead {
                headers[.contentLength] = String(data.count)
                return HTTPResponse(statusCode: status, headers: headers)
            }
            let bytes = DataParts(data: data, failsAtEnd: thenClose)
            return HTTPResponse(
                statusCode: status, headers: headers,
                body: HTTPBodySequence(
                    from: bytes, count: data.count, suggestedBufferSize: 1 << 16))
        case .stream(let stream, _):
            if isHead { return HTTPResponse(statusCode: status, headers: headers) }
            return HTTPResponse(
                statusCode: status, headers: headers,
                body: HTTPBodySequence(from: StreamParts(stream: stream)))
        }
    }
}

/// A body that is known. Where the rest of the request was not read, its end is an error, which
/// makes the server close the connection instead of taking that rest for the next request.
private struct DataParts: AsyncBufferedSequence {
    typealias Element = UInt8
    let data: Data
    let failsAtEnd: Bool

    func makeAsyncIterator() -> Iterator { Iterator(rest: data[...], failsAtEnd: failsAtEnd) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        var rest: Data
        let failsAtEnd: Bool

        mutating func next() async throws -> UInt8? { rest.popFirst() }

        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            if rest.isEmpty {
                if failsAtEnd { throw SocketError.disconnected }
                return nil
            }
            let part = rest.prefix(count)
            rest = rest.dropFirst(count)
            return part
        }
    }
}

/// A body that is made while it is sent.
private struct StreamParts: AsyncBufferedSequence {
    typealias Element = UInt8
    let stream: StudioStream

    func makeAsyncIterator() -> Iterator { Iterator(parts: stream.makeAsyncIterator()) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        var parts: AsyncStream<Data>.AsyncIterator

        mutating func next() async throws -> UInt8? { nil }

        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            // An empty part would be the end to HTTP's chunks.
            while let part = await parts.next() {
                if !part.isEmpty { return part }
            }
            return nil
        }
    }
}
