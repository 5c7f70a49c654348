import Adjoint
import AdjointTraining
import ArgumentParser
import Foundation

/// `adjoint trace step`.
struct TraceStepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "step",
        abstract: "Walk through a trace, one event at a time.",
        discussion: """
            Keys, each a line of its own where the input is no terminal: n or right next, p or \
            left previous, b next backward node, B previous one, j NUMBER to that event, q quit.
            """)

    @Argument(help: ArgumentHelp("The trace.", valueName: "file"))
    var path: String

    @Option(help: ArgumentHelp("Begin after the event of this number.", valueName: "event"))
    var at: Int?

    func run() throws {
        let file = try RecordedTrace(path)
        file.warn()
        guard file.document.eventCount > 0 else {
            throw DataFileError(
                path: path, problem: "the trace has no events",
                advice: "record a program that runs operations")
        }
        var steps = TraceSteps(file.document)
        if let at, !steps.jump(to: at) {
            throw ValidationError("the trace has no event \(at); the last one is \(steps.last)")
        }
        let report = file.report
        show(steps, report)
        let keys = KeyReader()
        defer { keys.restore() }
        while let line = keys.next(whole: ["j"], prompt: "to event: ") {
            switch steps.apply(line) {
            case .moved: show(steps, report)
            case .refused(let words): StandardOutput.line(words)
            case .ended: return
            }
        }
    }

    private func show(_ steps: TraceSteps, _ report: TraceReport) {
        StandardOutput.write(report.moment(at: steps.index) ?? "")
    }
}

/// A place in the events of a trace, and the keys that move it.
struct TraceSteps {
    enum Outcome: Equatable {
        case moved
        case refused(String)
        case ended
    }

    private let events: [TraceEvent]
    private var place = 0

    /// Before anything else, at the first event.
    init(_ document: TraceDocument) { events = document.events }

    /// The index of the event.
    var index: Int { events[place].index }
    var last: Int { events.last!.index }

    mutating func jump(to index: Int) -> Bool {
        guard let found = events.firstIndex(where: { $0.index == index }) else { return false }
        place = found
        return true
    }

    mutating func apply(_ line: String) -> Outcome {
        let words = line.split(separator: " ")
        switch words.first ?? "n" {
        case "q": return .ended
        case "first": return move(0, "")
        case "last": return move(events.count - 1, "")
        case "n": return move(events.indices.dropFirst(place + 1).first, "this is the last event")
        case "p": return move(place > 0 ? place - 1 : nil, "this is the first event")
        case "b":
            return move(
                events.indices.dropFirst(place + 1).first { events[$0].kind == .backwardNode },
                "no derivative runs after this")
        case "B":
            return move(
                events.indices.prefix(place).last { events[$0].kind == .backwardNode },
                "no derivative runs before this")
        case "j":
            guard let number = words.dropFirst().first.flatMap({ Int($0) }), jump(to: number) else {
                return .refused("say j and a number from \(events[0].index) to \(last)")
            }
            return .moved
        default: return .refused("keys: n next, p previous, b and B backward nodes, j NUMBER, q")
        }
    }

    private mutating func move(_ to: Int?, _ words: String) -> Outcome {
        guard let to else { return .refused(words) }
        place = to
        return .moved
    }
}
