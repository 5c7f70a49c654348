/// What the library itself has reported: clashes of versions, second passes, and the rest.
extension Doctor {
    func reportedErrors() -> [TraceFinding] {
        document.events.compactMap { event -> TraceFinding? in
            guard case .error(let failure) = event.body else { return nil }
            switch failure.kind {
            case "inplace-clash", "version-clash": return versionClash(event, failure)
            case "backward-twice": return backwardTwice(event, failure)
            default: return other(event, failure)
            }
        }
    }

    private func other(_ event: TraceEvent, _ failure: TraceEvent.Failure) -> TraceFinding {
        let node = failure.node.flatMap { document.node($0) }
        var finding = TraceFinding(
            .error, .error,
            title: "an error of kind \(failure.kind)\(node.map { " in \($0.op)" } ?? "")",
            explanation: failure.message,
            fix: failure.hint ?? "read the message: it says what was expected")
        finding.operation = node?.op
        finding.node = failure.node
        finding.tensor = failure.tensor
        finding.places = [place("reported", failure.src), node.flatMap { place($0.op, $0.src) }]
            .compactMap { $0 }
        finding.events = [event.index] + (failure.cause.map { [$0] } ?? [])
        return finding
    }

    private struct Write {
        var event: Int
        var name: String
        var tensor: Int
        var source: TraceSource?
        var before: Int?
        var after: Int?
    }

    /// The writes to memory, operations' and optimisers'.
    private func writes() -> [Write] {
        document.events.compactMap { event -> Write? in
            switch event.body {
            case .inplace(let e):
                let node = e.node.flatMap { document.node($0) }
                return Write(
                    event: event.index, name: e.name ?? node?.op ?? "a write", tensor: e.tensor,
                    source: e.src ?? node?.src, before: e.versionBefore, after: e.versionAfter)
            case .optimStep(let e):
                return e.tensor.map {
                    Write(
                        event: event.index, name: "\(e.name ?? "the optimiser").step", tensor: $0,
                        source: e.src, before: e.versionBefore, after: e.versionAfter)
                }
            default: return nil
            }
        }
    }

    private func versionClash(_ event: TraceEvent, _ failure: TraceEvent.Failure) -> TraceFinding {
        let node = failure.node.flatMap { document.node($0) }
        let made = node.flatMap { index.forward[$0.id] } ?? -1
        let writes = writes().filter { $0.event > made && $0.event < event.index }
        // What was saved, and the write that came first after that.
        let saved = node?.saved.first { saved in
            if let tensor = failure.tensor { return index.shareMemory(saved.tensor, tensor) }
            return writes.contains { index.shareMemory($0.tensor, saved.tensor) }
        }
        let tensor = failure.tensor ?? saved?.tensor
        let write =
            failure.cause.flatMap { cause in writes.first { $0.event == cause } }
            ?? writes.first { write in
                tensor.map { index.shareMemory(write.tensor, $0) } ?? false
            }
        let operation = node?.op ?? "an operation"
        let writer = write?.name ?? "something"
        let savedVersion = failure.expected ?? saved?.version
        let nowVersion = failure.actual ?? write?.after
        func version(_ number: Int?) -> String { number.map { "version \($0)" } ?? "" }
        let what = tensor.map(name) ?? "a tensor"
        var finding = TraceFinding(
            .versionClash, .error,
            title: "\(writer) has changed a tensor that \(operation) needs for backward",
            explanation: "\(operation)\(at(node?.src)) saved \(what) for its derivative"
                + (savedVersion.map { " at version \($0)" } ?? "")
                + "; \(writer)\(at(write?.source)) wrote to that memory"
                + (nowVersion.map { ", which is now at version \($0)" } ?? "")
                + ". With the new numbers the gradient would be wrong, so that backward refuses.",
            fix: mend(writer, node))
        finding.operation = node?.op
        finding.node = failure.node
        finding.tensor = tensor
        finding.places = [
            node.flatMap { place("saved by \($0.op)", $0.src, version(savedVersion)) },
            write.flatMap { place("changed by \($0.name)", $0.source, version(nowVersion)) },
            place("needed by backward", index.pass(failure.run)?.source ?? failure.src),
        ].compactMap { $0 }
        finding.events =
            [event.index] + (write.map { [$0.event] } ?? []) + (made >= 0 ? [made] : [])
        return finding
    }

    private func mend(_ writer: String, _ node: TraceNode?) -> String {
        if writer.hasSuffix(".step") {
            return "call backward before step(), or compute the loss again after it"
        }
        let plain = writer.hasSuffix("_") ? String(writer.dropLast()) : nil
        let arithmetic = ["add": "+", "sub": "-", "mul": "*", "div": "/"]
        let first =
            plain.flatMap { arithmetic[$0] }.map { "h = h \($0) … in place of h.\(writer)(…)" }
            ?? plain.map { "h = h.\($0)(…) in place of h.\(writer)(…)" } ?? "write to a copy"
        return "\(first), or h.clone() before \(node.map { "\($0.op) saves it" } ?? "it is saved")"
            + ", or write after backward"
    }

    private func backwardTwice(_ event: TraceEvent, _ failure: TraceEvent.Failure) -> TraceFinding {
        let node = failure.node.flatMap { document.node($0) }
        let free =
            failure.cause
            ?? document.events.last { earlier in
                guard earlier.index < event.index, case .free(let e) = earlier.body else {
                    return false
                }
                return e.node == failure.node
            }?.index
        let first = free.flatMap { document.event($0)?.run }.flatMap(index.pass)
        let second = index.pass(failure.run)
        let name = node?.gradFn ?? node?.op ?? "a node"
        let isOld = node.map { (index.round[$0.id] ?? 0) + 1 < index.passes.count } ?? false
        var finding = TraceFinding(
            .backwardTwice, .error, title: "backward ran a second time through \(name)",
            explanation: "\(name)\(node.map { ", made" + at($0.src) + "," } ?? "") had saved what "
                + "its derivative needs and gave it back in the first pass\(at(first?.source))"
                + (free.map { " (event \($0))" } ?? "")
                + ". The second pass\(at(second?.source ?? failure.src)) found nothing."
                + (isOld
                    ? " The node is older than the step: it was made outside of the loop." : ""),
            fix: isOld
                ? "compute what \(name) made inside the loop, or detach() it before the loop"
                : "backward(retainGraph: true) in the first pass, one backward of the sum of both "
                    + "losses, or compute the result again")
        finding.operation = node?.op
        finding.node = failure.node
        finding.places = [
            node.flatMap { place("made by \($0.op)", $0.src) },
            place("freed by the first backward", first?.source),
            place("needed by the second", second?.source ?? failure.src),
        ].compactMap { $0 }
        finding.events =
            [event.index] + (free.map { [$0] } ?? []) + (first.map { [$0.begin] } ?? [])
        return finding
    }
}
