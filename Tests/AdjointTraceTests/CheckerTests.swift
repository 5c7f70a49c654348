import Adjoint
import AdjointTrace
import Testing

@Suite("the checker of traces") struct CheckerTests {
    typealias Invariant = TraceChecker.Invariant

    /// A trace with a leaf that is used twice, saved memory, and two passes.
    private func trace() -> TraceDocument {
        let x = Tensor([0.5, -1.5, 2.0]).requiresGrad_()
        return Trace.record(TraceOptions(sourceText: false, times: false), named: [("x", x)]) {
            let h = x.exp()
            let y = (h * h.sin() + x).sum()
            y.backward()
            (x * 2).sum().backward()
        }
    }

    /// The invariants that are broken after `change` has been made to each record.
    private func broken(_ change: (TraceRecord) -> [TraceRecord]) -> Set<Invariant> {
        let document = TraceDocument(trace().records.flatMap(change))
        return Set(TraceChecker.check(document).map(\.invariant))
    }

    private func events(_ change: (TraceEvent) -> [TraceEvent]) -> Set<Invariant> {
        broken { record in
            if case .event(let event) = record {
                change(event).map { .event($0) }
            } else {
                [record]
            }
        }
    }

    private func nodes(_ change: (TraceNode) -> TraceNode) -> Set<Invariant> {
        broken { record in
            if case .node(let node) = record { [.node(change(node))] } else { [record] }
        }
    }

    @Test("nothing is wrong with what the library records")
    func sound() {
        #expect(TraceChecker.check(trace()) == [])
        #expect(TraceChecker.check(SeedStoryTests.record()) == [])
        // Every kind of event that the changes below need is there.
        let kinds = Set(trace().events.map(\.kind))
        #expect(kinds.isSuperset(of: [.edge, .accumulate, .free, .mem, .backwardNode]))
    }

    @Test("a trace without a header")
    func header() {
        #expect(broken { if case .header = $0 { [] } else { [$0] } } == [.header])
    }

    @Test("a clock that stands")
    func clock() {
        let found = events { event in
            var event = event
            if event.index == 3 { event.index = 2 }
            return [event]
        }
        #expect(found == [.clock])
    }

    @Test("ids that nothing was given")
    func ids() {
        #expect(
            nodes { node in
                var node = node
                node.outputs = node.outputs.map { $0 + 1000 }
                return node
            }.contains(.ids))
        #expect(
            broken { if case .tensor(let t) = $0, t.id == 0 { [] } else { [$0] } }.contains(.ids))
        #expect(broken { if case .rule = $0 { [] } else { [$0] } } == [.ids])
        #expect(broken { if case .file = $0 { [] } else { [$0] } }.isSubset(of: [.ids]))
    }

    @Test("gradients that lead nowhere")
    func next() {
        let found = nodes { node in
            var node = node
            if node.op == "sum" { node.next = [.node(77)] }
            return node
        }
        #expect(found.contains(.next))
    }

    @Test("a pass without an end, and events outside of a pass")
    func runs() {
        #expect(events { $0.kind == .backwardEnd ? [] : [$0] } == [.runs])
        #expect(events { $0.kind == .backwardBegin ? [] : [$0] }.contains(.runs))
    }

    private func doubled(_ value: TraceValue) -> TraceValue {
        guard case .full(let data, let exact) = value else { return value }
        return .full(data.map { 2 * $0 + 1 }, exact: exact)
    }

    @Test("an edge with another gradient than its node gave; two edges exchanged")
    func edges() {
        let changed = events { event in
            guard case .edge(var edge) = event.body else { return [event] }
            edge.value = doubled(edge.value)
            return [TraceEvent(index: event.index, .edge(edge))]
        }
        #expect(changed.contains(.edges))
        let exchanged = events { event in
            guard case .edge(var edge) = event.body, let input = edge.input else { return [event] }
            edge.input = 1 - input
            return [TraceEvent(index: event.index, .edge(edge))]
        }
        #expect(exchanged.contains(.edges))
    }

    @Test("a node whose gradient is not the sum of what arrives")
    func sums() {
        let found = events { event in
            guard case .backwardNode(var run) = event.body else { return [event] }
            run.gradOut = run.gradOut.map(doubled)
            return [TraceEvent(index: event.index, .backwardNode(run))]
        }
        #expect(found == [.sums])
        // A contribution that is left out is missed.
        var isFirst = true
        let missing = events { event in
            guard case .edge = event.body, isFirst else { return [event] }
            isFirst = false
            return []
        }
        #expect(missing.isSubset(of: [.sums]))
    }

    @Test("a gradient that is not what was there plus what came, in its last bit")
    func accumulation() {
        let found = events { event in
            guard case .accumulate(var e) = event.body, e.mode == .add,
                case .full(var data, let exact) = e.after
            else { return [event] }
            data[0] = Double(Float(data[0]).nextUp.description)!
            e.after = .full(data, exact: exact)
            return [TraceEvent(index: event.index, .accumulate(e))]
        }
        #expect(found == [.accumulation])
        let mode = events { event in
            guard case .accumulate(var e) = event.body else { return [event] }
            e.mode = .add
            return [TraceEvent(index: event.index, .accumulate(e))]
        }
        #expect(mode == [.accumulation])
    }

    @Test("a node that runs before its consumer")
    func order() {
        let found = nodes { node in
            var node = node
            // The first operation hands its gradient to the last: it has run by then.
            if node.op == "exp" { node.next = [.node(node.id + 3)] }
            return node
        }
        #expect(found.isSuperset(of: [.order, .next]))
    }

    @Test("memory that is given back twice, or read afterwards")
    func free() {
        let twice = events { event in
            guard case .free = event.body else { return [event] }
            return [event, event]
        }
        #expect(twice.contains(.freeOnce))
        var early: TraceEvent?
        let read = events { event in
            // What `exp` gives back comes before everything that runs.
            if case .backwardBegin(let begin) = event.body, begin.run == 0 {
                early = event
                let node = 0
                return [event, TraceEvent(index: event.index, .free(.init(run: 0, node: node)))]
            }
            if case .free(let e) = event.body, e.node == 0 { return [] }
            return [event]
        }
        #expect(early != nil)
        #expect(read.contains(.freed))
    }

    @Test("bytes that do not add up, or that nobody holds")
    func memory() {
        let sum = events { event in
            guard case .mem(var mem) = event.body else { return [event] }
            mem.bytes += 1
            return [TraceEvent(index: event.index, .mem(mem))]
        }
        #expect(sum == [.memory])
        let more = events { event in
            guard case .mem(var mem) = event.body, mem.bytes > 0 else { return [event] }
            mem.mem["relu"] = 8
            mem.bytes += 8
            return [TraceEvent(index: event.index, .mem(mem))]
        }
        #expect(more == [.memory])
    }

    @Test("every invariant has a test above that breaks it")
    func coverage() {
        #expect(Invariant.allCases.count == 12)
    }
}
