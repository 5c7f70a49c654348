import Testing

@testable import AdjointCore

/// Hooks on several tensors, callbacks at the end of a pass, and what a failed pass leaves.
@Suite struct PassHookTests {
    @Test("a hook on several tensors is called once, when all their gradients are there")
    func all() {
        let (x, w) = (leaf([2]), leaf([5]))
        let y = x * w
        let log = Log<[Double?]>()
        let handle = registerMultiGradHook([x, w, y]) { gradients in
            log.add(gradients.map { $0?.item(as: Double.self) })
        }
        (y * 3 + x).backward(retainGraph: true)
        #expect(log.all == [[16, 6, 3]])
        handle.remove()
        (y * 3 + x).backward()
        #expect(log.all.count == 1)
    }

    @Test("a hook on several tensors waits only for those that the pass computes")
    func partly() {
        let (x, w, unused) = (leaf([2]), leaf([5]), leaf([1]))
        let log = Log<[Double?]>()
        registerMultiGradHook([x, w, unused]) { gradients in
            log.add(gradients.map { $0?.item(as: Double.self) })
        }
        (x * w).backward()
        _ = grad(of: x * w, wrt: w)
        #expect(log.all == [[5, 2, nil], [nil, 2, nil]])
    }

    @Test("with .any the hook is called with the first gradient alone")
    func any() {
        let x = leaf([2])
        let (a, b) = (x * 3, x * 4)
        let log = Log<[Double?]>()
        registerMultiGradHook([a, b], mode: .any) { gradients in
            log.add(gradients.map { $0?.item(as: Double.self) })
        }
        (a * 10 + b).backward()
        #expect(log.all == [[nil, 1]] || log.all == [[10, nil]])
        #expect(values(x.grad) == [34])
    }

    @Test("a hook on several tensors is called at the end where a gradient turns out undefined")
    func undefined() {
        struct Nothing: Function {
            func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
                [inputs[0] + inputs[1]]
            }
            func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
                [gradOutputs[0], nil]
            }
        }
        let (x, w) = (leaf([2]), leaf([5]))
        let log = Log<[Bool]>()
        registerMultiGradHook([x, w]) { log.add($0.map { $0 != nil }) }
        Nothing().apply(x, w).backward()
        #expect(log.all == [[true, false]])
    }

    @Test("a hook on several tensors keeps no graph alive and refuses constants and empty lists")
    func lifetime() {
        weak var state: AutogradState?
        do {
            let x = leaf([2])
            let y = x * 3
            registerMultiGradHook([x, y]) { _ in }
            y.backward()
            state = x.state
            #expect(state != nil)
        }
        #expect(state == nil)
        expectError(.autograd, "index 1") {
            registerMultiGradHook([leaf([1]), numbers([1])]) { _ in }
        }
        expectError(.argument) { registerMultiGradHook([]) { _ in } }
    }

    @Test("a queued callback runs once all gradients were added, and may queue another")
    func callbacks() {
        let x = leaf([2])
        let log = Log<String>()
        let y = x * 3
        y.registerHook { _ in
            queueCallback {
                log.add("first \(x.grad!.item(as: Double.self))")
                queueCallback { log.add("third") }
            }
            queueCallback { log.add("second") }
            return nil
        }
        y.backward()
        #expect(log.all == ["first 3.0", "second", "third"])
    }

    @Test("a callback that an inner pass queues runs at the end of the inner pass")
    func nestedCallbacks() {
        let (x, w) = (leaf([2]), leaf([3]))
        let log = Log<String>()
        w.registerHook { _ in
            queueCallback { log.add("inner, w is \(w.grad!.item(as: Double.self))") }
            return nil
        }
        x.registerHook { _ in
            queueCallback { log.add("outer") }
            enableGrad { (w * w).backward() }
            log.add("hook")
            return nil
        }
        (x * x).backward()
        #expect(log.all == ["inner, w is 6.0", "hook", "outer"])
    }

    @Test("queueCallback outside of a backward pass is an error; a failed pass calls nobody")
    func callbackErrors() {
        expectError(.autograd, "Final callbacks can only be installed during backward pass") {
            queueCallback {}
        }
        let x = leaf([2])
        let log = Log<String>()
        let y = x * 3
        y.registerHook { _ in
            queueCallback { log.add("called") }
            return nil
        }
        x.registerHook { _ in numbers([1, 2]) }
        expectError(.shape) { y.backward() }
        #expect(log.all.isEmpty)
    }

    @Test("an error in a pass leaves retained gradients as they were, too")
    func rollback() {
        let x = leaf([2])
        let y = x * 3
        y.retainGrad()
        let bad = x.registerHook { _ in numbers([1, 2]) }
        expectError(.shape) { y.backward(retainGraph: true) }
        #expect(y.grad == nil && x.grad == nil)
        bad.remove()
        y.backward(retainGraph: true)
        let before = y.grad
        x.registerHook { _ in numbers([1, 2]) }
        expectError(.shape) { y.backward(retainGraph: true) }
        #expect(y.grad === before && values(y.grad) == [1] && values(x.grad) == [3])
    }

    @Test("a node's hook must return as many gradients as it was given")
    func counts() {
        let x = leaf([2])
        let y = x * x
        let before = y.gradFn!.registerPrehook { _ in [] }
        expectError(.argument, "incorrect number of values", "expected 1") {
            y.backward(retainGraph: true)
        }
        before.remove()
        y.gradFn!.registerHook { inputs, _ in inputs + [nil] }
        expectError(.argument, "got 3", "expected 2") { y.backward() }
        #expect(x.grad == nil)
    }

    @Test("a tensor hook is not called where no gradient is defined; a node's prehook sees nil")
    func undefinedGradients() {
        let x = leaf([1, 2])
        let parts = (x * 1).unbind()
        let log = Log<[Bool]>()
        parts[1].registerHook { _ in
            log.add([])
            return nil
        }
        let (values, _) = (x * 1).max(dim: 0)
        values.gradFn!.registerPrehook {
            log.add($0.map { $0 != nil })
            return nil
        }
        (parts[0] + values).backward()
        #expect(log.all.count == 1 && log.all[0].first == true)
    }

    @Test("a node says in a hook whether the pass will run it, and false outside of passes")
    func willExecute() {
        let (x, w) = (leaf([2]), leaf([3]))
        let (a, b) = (x * 2, w * 2)
        let (first, second) = (a.gradFn!, b.gradFn!)
        let log = Log<[Bool]>()
        let y = a + b
        y.registerHook { _ in
            log.add([first.willExecute, second.willExecute])
            return nil
        }
        _ = grad(of: y, wrt: x, retainGraph: true)
        y.backward()
        #expect(log.all == [[true, false], [true, true]])
        #expect(!first.willExecute)
    }

    @Test("hooks that several tasks register at once on one tensor all stay")
    func race() async {
        for _ in 0..<50 {
            let x = leaf([1])
            let calls = Log<Int>()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        x.registerHook { _ in
                            calls.add(1)
                            return nil
                        }
                    }
                }
            }
            (x * 2).backward()
            #expect(calls.all.count == 8)
        }
    }
}
