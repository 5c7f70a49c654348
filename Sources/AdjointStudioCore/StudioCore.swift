import Foundation

/// The web studio without its server: what each request is answered with.
///
/// Goals in order: nothing that a request holds can end, block or fill the process; every number
/// comes from the library; a page can be closed and opened again anywhere and finds what it left.
public final class StudioCore: Sendable {
    /// What the studio shows and who may see it.
    public struct Configuration: Sendable {
        /// Trace files, in the order in which the home page lists them.
        public var files: [String] = []
        /// The folder where `runs/` and traces are looked for; nil to look nowhere.
        public var folder: String?
        /// The address that the studio was asked to listen on, where that is not the loopback.
        public var host: String?
        /// The pages' files, in place of those that the program holds.
        public var assets: StudioAssets?

        /// Nothing is listed and no folder is looked into, until it is set.
        public init() {}
    }

    /// What a page must send along to change something; made anew at every start.
    public var token: String { gate.token }

    let gate: RequestGuard
    let assets: StudioAssets
    let catalog: TraceCatalog
    let runner = StudioRunner()
    let ending = StudioEnding()
    let playground = Playground()
    let examples = ExampleTraces()
    /// The slow fixture runs from the first time that it is asked for.
    let slow = SlowFixture()

    /// A studio; nothing is read before the first request.
    public init(_ configuration: Configuration = Configuration()) {
        gate = RequestGuard(token: RequestGuard.makeToken(), host: configuration.host)
        assets = configuration.assets ?? .embedded
        catalog = TraceCatalog(files: configuration.files, folder: configuration.folder)
    }

    /// The largest body, in bytes, that a request to `path` may have.
    public static func bodyLimit(path: String) -> Int { RequestGuard.limit(path: path) }

    /// Ends all streams, before the server goes.
    public func close() { ending.set() }

    /// Answers `request`. Whatever is wrong with it is told in the answer.
    public func handle(_ request: StudioRequest) async -> StudioResponse {
        do {
            try gate.check(request)
            guard let segments = request.segments else {
                throw StudioError(400, "bad-path", "the path cannot be read")
            }
            return try await answer(request, segments)
        } catch let error as StudioError {
            return error.response
        } catch let error as ExpressionErrors {
            return StudioError(
                422, "expression", error.errors.first?.message ?? "", errors: error.errors
            ).response
        } catch is CancellationError {
            return StudioError(499, "cancelled", "the request was taken back").response
        } catch {
            return StudioError(500, "internal", "\(error)").response
        }
    }

    private func answer(_ request: StudioRequest, _ segments: [String]) async throws
        -> StudioResponse
    {
        if !gate.mayRead(request) {
            throw StudioError(
                403, "wrong-token",
                "this studio can be reached from other machines and asks for its token: open the "
                    + "address that 'adjoint studio' printed")
        }
        if let token = request.parameter("token"), gate.host != nil,
            RequestGuard.isSame(token, gate.token)
        {
            return StudioResponse(
                .bytes(Data(), type: "text/plain"), status: 303,
                headers: [("Location", request.path), ("Set-Cookie", gate.cookieHeader)])
        }
        var allowed: [String] = []
        for route in routes {
            guard let taken = route.match(segments) else { continue }
            guard route.method == (request.method == "HEAD" ? "GET" : request.method) else {
                allowed.append(route.method)
                continue
            }
            return try await route.answer(request, taken)
        }
        guard allowed.isEmpty else {
            var response = StudioError(
                405, "method",
                "\(request.method) is not answered here; it takes "
                    + allowed.joined(separator: " and ")
            ).response
            response.headers.append(("Allow", allowed.joined(separator: ", ")))
            return response
        }
        if segments.first == "api" {
            throw StudioError.notFound("route /\(segments.joined(separator: "/"))")
        }
        return page(status: 404)
    }

    private var routes: [StudioRoute] {
        [
            pageRoutes, traceRoutes, runRoutes, analysisRoutes, accumulationRoutes, curveRoutes,
            trainRoutes, lessonRoutes,
        ].flatMap(\.self)
    }
}
