import AdjointTrace

/// Puts the lines of a program into the trace of its run: the program says through notes where it
/// is, and this takes the notes out again and writes the places into the records between them.
///
/// The recorder could find the lines itself by the addresses of calls; here they are known
/// exactly, whatever the optimiser did, and for expressions that are no Swift at all.
struct LineMarks {
    /// The program as the trace shows it.
    let file: String
    let text: String

    private static let prefix = "\u{1}at "
    private static let namePrefix = "\u{1}named "

    /// What the program notes where a line begins, or an operation of it.
    static func note(_ line: Int, _ column: Int? = nil) {
        Trace.note("\(prefix)\(line)\(column.map { " \($0)" } ?? "")")
    }

    /// What the program notes where a variable has got its value.
    static func note(named name: String) { Trace.note(namePrefix + name) }

    private static func place(_ text: String) -> TraceSource? {
        guard text.hasPrefix(prefix) else { return nil }
        let numbers = text.dropFirst(prefix.count).split(separator: " ").compactMap { Int($0) }
        guard let line = numbers.first else { return nil }
        return TraceSource(file: 0, line: line, column: numbers.count > 1 ? numbers[1] : nil)
    }

    /// The records with their places, and without the notes; indices of events stay without gaps.
    func located(_ records: [TraceRecord]) -> [TraceRecord] {
        var place: TraceSource?
        var indices: [Int: Int] = [:]
        var lines: [Int: (name: String, line: Int)] = [:]
        var known: Set<Int> = []
        // A leaf is written down where it is first used, and belongs to where it was made.
        var made: [String: TraceSource] = [:]
        var located: [TraceRecord] = []
        for record in records {
            switch record {
            case .header:
                located += [record, .file(TraceFile(id: 0, path: file, text: text))]
            case .file: continue
            case .tensor(var tensor):
                // A second record of a tensor tells its name, not a place of its own.
                let origin = tensor.producer == nil ? tensor.name.flatMap { made[$0] } : nil
                tensor.src = known.insert(tensor.id).inserted ? origin ?? place : nil
                located.append(.tensor(tensor))
            case .node(var node):
                node.src = place
                if let place { lines[node.id] = (node.gradFn ?? node.op, place.line) }
                located.append(.node(node))
            case .event(var event):
                if case .note(let note) = event.body, let marked = Self.place(note.text) {
                    place = marked
                    continue
                }
                if case .note(let note) = event.body, note.text.hasPrefix(Self.namePrefix) {
                    made[String(note.text.dropFirst(Self.namePrefix.count))] = place
                    continue
                }
                indices[event.index] = indices.count
                event.index = indices.count - 1
                event.body = put(place, into: event.body, indices, lines)
                located.append(.event(event))
            default: located.append(record)
            }
        }
        return located
    }

    private func put(
        _ place: TraceSource?, into body: TraceEvent.Body, _ indices: [Int: Int],
        _ lines: [Int: (name: String, line: Int)]
    ) -> TraceEvent.Body {
        switch body {
        case .backwardBegin(var e):
            e.src = place
            return .backwardBegin(e)
        case .inplace(var e):
            e.src = place
            return .inplace(e)
        case .zeroGrad(var e):
            e.src = place
            return .zeroGrad(e)
        case .optimStep(var e):
            e.src = place
            return .optimStep(e)
        case .gradMode(var e):
            e.src = place
            return .gradMode(e)
        case .error(var e):
            e.src = place
            e.cause = e.cause.flatMap { indices[$0] }
            if let node = e.node.flatMap({ lines[$0] }), e.message.hasPrefix(node.name + " already")
            {
                let rest = e.message.dropFirst(node.name.count)
                e.message = "\(node.name) (\(file):\(node.line))\(rest)"
            }
            return .error(e)
        default: return body
        }
    }
}
