/// Gradients that are added up where they should not be, or are not there when they are wanted.
extension Doctor {
    /// Gradients of an earlier step were used, kept, and added to again.
    func staleGradients() -> [TraceFinding] {
        let history = GradientHistory(document)
        var stale:
            [(
                tensor: Int, rounds: Int, event: Int, use: GradientHistory.Step, first: Double?,
                last: Double?
            )] = []
        for tensor in history.leaves {
            var used: GradientHistory.Step?
            var found: (event: Int, use: GradientHistory.Step)?
            var (rounds, first, last): (Int, Double?, Double?) = (0, nil, nil)
            for step in history.steps[tensor]! {
                switch step {
                case .emptied: used = nil
                case .used: used = used ?? step
                case .added(let added, let event):
                    if first == nil { first = ShownValue.norm(added.incoming) }
                    guard let use = used, added.mode == .add, isOld(added, before: use) else {
                        continue
                    }
                    rounds += 1
                    last = ShownValue.norm(added.after)
                    found = found ?? (event, use)
                    used = nil
                }
            }
            if let found, rounds > 0 {
                stale.append((tensor, rounds, found.event, found.use, first, last))
            }
        }
        guard let worst = stale.min(by: { $0.event < $1.event }) else { return [] }
        return [
            staleFinding(
                worst.event, worst.use, stale.map(\.tensor), stale.map(\.rounds).max()!,
                worst.first, worst.last)
        ]
    }

    /// Without any step: several passes into one gradient, which may be meant.
    func sums() -> [TraceFinding] {
        let history = GradientHistory(document)
        if history.hasOptimizer { return [] }
        var found: (tensor: Int, runs: [Int], event: Int)?
        for tensor in history.leaves where found == nil {
            var runs: [Int] = []
            for step in history.steps[tensor]! {
                guard case .added(let added, let event) = step, let run = added.run else {
                    runs = []
                    continue
                }
                if added.mode == .assign { runs = [] }
                if runs.last != run { runs.append(run) }
                if runs.count > 1 { found = (tensor, runs, event) }
            }
        }
        guard let found else { return [] }
        let passes = found.runs.compactMap(index.pass)
        var finding = TraceFinding(
            .staleGradient, .note,
            title: "\(name(found.tensor)).grad is the sum of \(found.runs.count) backward passes",
            explanation:
                "backward adds to what is in grad, and nothing emptied it between the passes. "
                + "That is right for micro-batches, and wrong for separate steps.",
            fix: "\(name(found.tensor)).grad = nil, or optimizer.zeroGrad(), between separate steps"
        )
        finding.operation = "backward"
        finding.tensor = found.tensor
        finding.places = passes.compactMap { place("pass \($0.run)", $0.source) }.suffix(3)
        finding.events = [found.event] + passes.map(\.begin).suffix(3)
        finding.count = found.runs.count
        return [finding]
    }

    /// What was there came from an earlier pass than the one that adds: within one pass a leaf may
    /// be added to many times.
    private func isOld(_ added: TraceEvent.Accumulate, before use: GradientHistory.Step) -> Bool {
        // Zeros that stand for "emptied" by other means do no harm.
        if let norm = ShownValue.norm(added.before), norm == 0 { return false }
        guard let pass = index.pass(added.run) else { return true }
        return pass.begin > use.event
    }

    private func staleFinding(
        _ event: Int, _ use: GradientHistory.Step, _ tensors: [Int], _ rounds: Int,
        _ first: Double?, _ last: Double?
    ) -> TraceFinding {
        let pass = document.event(event)?.run.flatMap(index.pass)
        var words =
            "The gradients of \(list(tensors.map(name))) were used by a step and not emptied, "
            + "so that backward\(at(pass?.source)) added the next ones to them"
        words += rounds > 1 ? ", in \(rounds) rounds." : "."
        if let first, let last, first > 0, last.isFinite, last > first {
            words +=
                " Their norm went from \(ShownValue.rounded(first)) to "
                + "\(ShownValue.rounded(last))."
        }
        if case .added(let added, _)? = GradientHistory(document).steps[tensors[0]]?
            .first(where: { $0.event == event }),
            let before = added.before.scalar, let incoming = added.incoming.scalar,
            let after = added.after.scalar
        {
            words +=
                " \(name(tensors[0])).grad became \(ShownValue.number(before)) + "
                + "\(ShownValue.number(incoming)) = \(ShownValue.number(after))."
        }
        let (usedAt, usedName): (TraceSource?, String) =
            if case .used(_, let name, let source) = use { (source, name) } else { (nil, "a step") }
        var finding = TraceFinding(
            .staleGradient, .error, title: "gradients of earlier steps are still there",
            explanation: words,
            fix: "optimizer.zeroGrad() in each round, before backward (without an optimiser: "
                + "\(name(tensors[0])).grad = nil after the update)")
        finding.operation = "backward"
        finding.tensor = tensors[0]
        finding.places = [
            place("added to the old ones by backward", pass?.source),
            place("used by \(usedName)", usedAt),
        ].compactMap { $0 }
        finding.events = [event, use.event]
        finding.count = rounds
        return finding
    }

    /// Emptied after backward and before the step that should have used them.
    func lostGradients() -> [TraceFinding] {
        let history = GradientHistory(document)
        guard history.hasOptimizer else { return [] }
        var lost: [(tensor: Int, emptied: Int, source: TraceSource?, added: Int)] = []
        var rounds = 0
        for tensor in history.leaves {
            var added: Int?
            var emptied: (event: Int, source: TraceSource?, added: Int)?
            var count = 0
            for step in history.steps[tensor]! {
                switch step {
                case .added(_, let event): (added, emptied) = (event, nil)
                case .emptied(let event, let source):
                    if let since = added { emptied = (event, source, since) }
                    added = nil
                case .used:
                    if let emptied {
                        count += 1
                        if count == 1 {
                            lost.append((tensor, emptied.event, emptied.source, emptied.added))
                        }
                    }
                    (added, emptied) = (nil, nil)
                }
            }
            rounds = max(rounds, count)
        }
        guard let first = lost.first else { return [] }
        let pass = document.event(first.added)?.run.flatMap(index.pass)
        var finding = TraceFinding(
            .lostGradient, .error, title: "gradients were emptied before the optimiser used them",
            explanation:
                "zeroGrad()\(at(first.source)) stands between backward\(at(pass?.source)) and "
                + "step(): the gradients of \(list(lost.map { name($0.tensor) })) were gone when the "
                + "step came\(rounds > 1 ? ", in \(rounds) rounds" : "").",
            fix: "zeroGrad() before backward, or after step()")
        finding.operation = "zeroGrad"
        finding.tensor = first.tensor
        finding.places = [
            place("emptied", first.source), place("computed by backward", pass?.source),
        ].compactMap { $0 }
        finding.events = [first.emptied, first.added]
        finding.count = rounds
        return [finding]
    }

    /// A gradient that is not the sum of what was there and what came.
    func mismatches() -> [TraceFinding] {
        var found: [TraceFinding] = []
        for event in document.events {
            guard case .accumulate(let e) = event.body, found.count < 5 else { continue }
            let dtype = document.tensor(e.tensor)?.dtype ?? "float32"
            let before = e.mode == .assign ? e.incoming.elements?.map { _ in 0 } : e.before.elements
            guard let before, let incoming = e.incoming.elements, let after = e.after.elements,
                before.count == incoming.count, after.count == incoming.count,
                let bad = after.indices.first(where: { i in
                    let scale = max(before[i].magnitude, incoming[i].magnitude)
                    return !GradientHistory.agrees(
                        after[i], before[i] + incoming[i], scale, dtype)
                })
            else { continue }
            let node = e.from.flatMap { document.node($0) }
            var finding = TraceFinding(
                .accumulation, .error, title: "the gradient of \(name(e.tensor)) does not add up",
                explanation: "Element \(bad) was \(ShownValue.number(before[bad])), "
                    + "\(ShownValue.number(incoming[bad])) came, and it became "
                    + "\(ShownValue.number(after[bad])) in place of "
                    + "\(ShownValue.rounded(before[bad] + incoming[bad])).",
                fix:
                    "look for a hook that changes the gradient of \(name(e.tensor)), or for another "
                    + "task that writes to it")
            finding.operation = node?.op
            finding.node = e.from
            finding.tensor = e.tensor
            finding.places = [
                node.flatMap { place("came from \($0.op)", $0.src) },
                place("backward called", index.pass(e.run)?.source),
            ].compactMap { $0 }
            finding.events = [event.index]
            found.append(finding)
        }
        return found
    }
}
