import Adjoint
import AdjointTraining
import ArgumentParser

/// `adjoint trace tree`.
struct TraceTreeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tree",
        abstract: "Print the graph as a tree: values, gradients, what is saved, and lines.",
        discussion: """
            The root is that of the latest backward pass. With --at the tree is as it was after \
            that event.
            """)

    @Argument(help: ArgumentHelp("The trace.", valueName: "file"))
    var path: String

    @Option(help: ArgumentHelp("As it was after the event of this number.", valueName: "event"))
    var at: Int?

    @Option(help: ArgumentHelp("Print at most so many lines.", valueName: "lines"))
    var limit = 200

    func validate() throws {
        guard limit > 0 else {
            throw ValidationError("--limit is \(limit); give a number above 0")
        }
    }

    func run() throws {
        let file = try RecordedTrace(path)
        file.warn()
        if let at, file.document.event(at) == nil {
            throw ValidationError("the trace has no event \(at); `adjoint trace step` walks them")
        }
        StandardOutput.line(
            TraceTree(file.document, at: at).text(.ofStream(), limit: limit))
    }
}

/// `adjoint trace explain`.
struct TraceExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell a backward pass in words: each local derivative with its numbers.")

    @Argument(help: ArgumentHelp("The trace.", valueName: "file"))
    var path: String

    @Option(
        help: ArgumentHelp(
            "The pass, counted from 0 (default: the latest).", valueName: "pass"))
    var pass: Int?

    @Option(help: ArgumentHelp("Tell at most so many operations.", valueName: "operations"))
    var limit = 100

    func validate() throws {
        guard limit > 0 else {
            throw ValidationError("--limit is \(limit); give a number above 0")
        }
    }

    func run() throws {
        let file = try RecordedTrace(path)
        file.warn()
        let passes = Set(file.document.events.compactMap(\.run))
        if let pass, !passes.contains(pass) {
            let last = passes.max().map { "the last one is \($0)" } ?? "there is none"
            throw ValidationError("the trace has no pass \(pass); \(last)")
        }
        StandardOutput.line(
            Explanation(file.document, run: pass).text(.ofStream(), limit: limit))
    }
}
