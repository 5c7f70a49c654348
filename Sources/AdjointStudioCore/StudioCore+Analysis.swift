import AdjointTrace
import Foundation

extension StudioCore {
    /// What the library's readers say about a trace: findings, memory, comparison, exports.
    var analysisRoutes: [StudioRoute] {
        [
            StudioRoute("GET", "api/traces/*/doctor") { [self] request, parts in
                struct Body: Encodable {
                    let title: String
                    let events: Int
                    let findings: [FindingView]
                }
                let feed = try await feed(parts[0], request)
                let body = try await runner(seconds: nil) { _ in
                    let document = try feed.document()
                    return Body(
                        title: document.header?.title ?? parts[0], events: document.eventCount,
                        findings: document.findings().map { FindingView($0, in: document) })
                }
                return .json(body)
            },
            StudioRoute("GET", "api/traces/*/memory") { [self] request, parts in
                let names = TraceMemory.Grouping.allCases.map(\.rawValue)
                let name = request.parameter("by") ?? TraceMemory.Grouping.operation.rawValue
                guard let grouping = TraceMemory.Grouping(rawValue: name) else {
                    throw StudioError(
                        422, "parameter",
                        "by is '\(name.prefix(40))'; give one of "
                            + names.joined(separator: ", "))
                }
                let feed = try await feed(parts[0], request)
                let event = request.parameter("at").flatMap { Int($0) }
                return .json(
                    try await runner(seconds: nil) { _ in
                        MemoryView(try feed.document().memory(), at: event, by: grouping)
                    })
            },
            StudioRoute("GET", "api/compare") { [self] request, _ in
                guard let a = request.parameter("a"), let b = request.parameter("b") else {
                    throw StudioError(422, "parameter", "give two traces, as ?a=...&b=...")
                }
                let feeds = (try await feed(a, request), try await feed(b, request))
                return .json(
                    try await runner(seconds: nil) { _ in
                        ComparisonView(
                            (a, try feeds.0.document()), (b, try feeds.1.document()))
                    })
            },
            StudioRoute("GET", "api/traces/*/export/*") { [self] request, parts in
                let feed = try await feed(parts[0], request)
                return try await export(feed, parts[0], parts[1], request)
            },
        ]
    }

    /// A download: the trace in another format.
    private func export(
        _ feed: any TraceFeed, _ id: String, _ name: String, _ request: StudioRequest
    ) async throws -> StudioResponse {
        guard let format = TraceExport(rawValue: name) else {
            throw StudioError.notFound(
                "format '\(name)'; the formats are "
                    + TraceExport.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let plain = String(id.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        let headers = [
            ("Content-Disposition", "attachment; filename=\"\(plain.prefix(80)).\(format.ending)\"")
        ]
        if format == .jsonl {
            return TraceDocumentStream(feed, form: .lines).response(headers: headers)
        }
        let event = try request.parameter("at").map { text in
            guard let event = Int(text) else {
                throw StudioError(422, "parameter", "at is no number of an event")
            }
            return event
        }
        let data = try await runner(seconds: nil) { _ in
            do {
                return try format.data(try feed.document(), at: event)
            } catch let error as ExportError {
                throw StudioError(422, "export", error.description)
            }
        }
        return StudioResponse(.bytes(data, type: format.mediaType), headers: headers)
    }
}
