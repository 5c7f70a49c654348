import AdjointTrace
import Foundation

extension StudioCore {
    /// Runs of examples and of expressions.
    var runRoutes: [StudioRoute] {
        [
            StudioRoute("GET", "api/examples") { _, _ in
                .json(Example.all.map(ExampleEntry.init))
            },
            StudioRoute("POST", "api/run") { [self] request, _ in
                struct Body: Decodable {
                    let example: String
                    let params: [String: Double]?
                }
                let body = try StudioJSON.value(Body.self, from: request.body)
                let made = try await self.run(body.example) { name in
                    body.params?[name].map { "\($0)" }
                }
                return .json(["trace": made.id], status: 201)
            },
            StudioRoute("POST", "api/expr") { [self] request, _ in
                let body = try StudioJSON.value(ExpressionRequest.self, from: request.body)
                let recording = try ExpressionRecording(body)
                let records = try await runner(seconds: 2) { try recording.records($0) }
                let log = TraceLog(records.map { Data($0.json) }, isComplete: true)
                let entry = catalog.add(log, kind: "expr", title: body.source)
                return .json(["trace": entry.id], status: 201)
            },
        ]
    }
}

/// An example in the list that pages get.
private struct ExampleEntry: Encodable, Sendable {
    let id: String
    let title: String
    let summary: String
    let group: String
    let parameters: [ExampleParameter]
    let source: String

    init(_ example: Example) {
        id = example.id
        title = example.title
        summary = example.summary
        group = example.group
        parameters = example.parameters
        source = example.source([:])
    }
}
