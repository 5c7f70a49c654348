import Foundation

extension StudioCore {
    /// Runs of examples and of expressions.
    var runRoutes: [StudioRoute] {
        [
            StudioRoute("GET", "api/examples") { _, _ in .json(Example.all.map(ExampleEntry.init)) }
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
