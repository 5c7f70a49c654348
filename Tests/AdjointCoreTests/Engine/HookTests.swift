import Testing

@testable import AdjointCore

/// Hooks: on tensors, on nodes, after accumulation; their order, their limits.
@Suite struct HookTests {
    @Test func aHookSeesTheGradientAndMayReplaceIt() {
        let x = leaf([2])
        let y = x * 3
        y.registerHook { $0 * 10 }
        y.registerHook { $0 + 1 }
        y.backward()
        #expect(values(x.grad) == [33])
    }

    @Test func aHookThatReturnsNilChangesNothing() {
        let x = leaf([2])
        let log = Log<[Double]>()
        x.registerHook {
            log.add(values($0)!)
            return nil
        }
        (x * x + x).backward()
        #expect(log.all == [[5]] && values(x.grad) == [5])
    }

    @Test func removedHooksAreSilentAndRemovingTwiceIsHarmless() {
        let x = leaf([2])
        let handle = x.registerHook { $0 * 100 }
        handle.remove()
        handle.remove()
        (x * 3).backward()
        #expect(values(x.grad) == [3])
    }

    @Test func aHookMayRemoveItselfWhileItRuns() {
        let x = leaf([2])
        let handles = Log<HookHandle>()
        handles.add(
            x.registerHook {
                handles.all[0].remove()
                return $0 * 2
            })
        (x + 0).backward()
        (x + 0).backward()
        #expect(values(x.grad) == [3])
    }

    @Test func hooksNeedATensorWithGradients() {
        expectError(.autograd, "doesn't require gradient") {
            numbers([1]).registerHook { _ in nil }
        }
        expectError(.autograd, "non-leaf") {
            (leaf([1]) * 2).registerPostAccumulateGradHook { _ in }
        }
    }

    @Test func aHookMustKeepShapeAndDType() {
        let x = leaf([2])
        let y = x * 1
        let size = y.registerHook { _ in numbers([1, 2]) }
        expectError(.shape, "changed the size") { y.backward(retainGraph: true) }
        size.remove()
        y.registerHook { $0.to(.float32) }
        expectError(.dtype, "changed the type") { y.backward() }
    }

    @Test func theOrderIsTensorHooksRetainedGradNodeHooks() {
        let x = leaf([2])
        let y = x * 3
        let log = Log<String>()
        let retained = Log<[Double]?>()
        y.gradFn!.registerPrehook { gradients in
            log.add("prehook \(values(gradients[0])!)")
            return [gradients[0]! * 7]
        }
        y.gradFn!.registerHook { inputs, outputs in
            log.add("posthook \(values(inputs[0])!) \(values(outputs[0])!)")
            return nil
        }
        y.retainGrad()
        y.registerHook {
            log.add("tensor \(values($0)!)")
            return $0 * 10
        }
        x.registerPostAccumulateGradHook { leaf in
            log.add("accumulated \(values(leaf.grad)!)")
        }
        y.backward()
        retained.add(values(y.grad))
        #expect(
            log.all == [
                "tensor [1.0]", "prehook [10.0]", "posthook [210.0] [70.0]", "accumulated [210.0]",
            ])
        #expect(retained.all == [[10]])
    }

    @Test func nodeHooksReplaceGradients() {
        let (x, w) = (leaf([2]), leaf([5]))
        let y = x * w
        y.gradFn!.registerHook { inputs, _ in [inputs[0]! * 2, nil] }
        y.backward()
        #expect(values(x.grad) == [10] && w.grad == nil)
    }

    @Test func leafHooksFireOnceOnTheSum() {
        let x = leaf([2])
        let log = Log<Double>()
        x.registerHook {
            log.add($0.item())
            return nil
        }
        (x * x + x).backward()
        #expect(log.all == [5])
    }

    @Test func postAccumulateHooksGetTheLeafAndNotFromGrad() {
        let x = leaf([2])
        let log = Log<Double>()
        x.registerPostAccumulateGradHook { leaf in
            log.add(leaf.grad!.item())
            leaf.grad = nil
        }
        (x * x).backward()
        _ = grad(of: x * x, wrt: x)
        #expect(log.all == [4] && x.grad == nil)
    }

    @Test func hooksRunWithGradModeAsTheBackwardPassHasIt() {
        let x = leaf([2])
        let log = Log<Bool>()
        x.registerHook { _ in
            log.add(isGradEnabled)
            return nil
        }
        (x * x).backward()
        (x * x).backward(createGraph: true)
        #expect(log.all == [false, true])
    }

    @Test func aHookMayRunABackwardPassOfItsOwn() {
        let (x, w) = (leaf([2]), leaf([3]))
        x.registerHook { g in
            enableGrad { (w * w).backward() }
            return g
        }
        (x * x).backward()
        #expect(values(w.grad) == [6] && values(x.grad) == [4])
    }

    @Test func hooksStayOnTheOldValueWhenATensorIsWritten() {
        let x = leaf([2])
        let y = x * 2
        let log = Log<String>()
        y.registerHook {
            log.add("before \($0.item(as: Double.self))")
            return nil
        }
        y.mul_(3)
        y.registerHook {
            log.add("after \($0.item(as: Double.self))")
            return nil
        }
        y.backward()
        #expect(log.all == ["after 1.0", "before 3.0"])
    }

    @Test func retainGradFollowsTheTensorThroughWrites() {
        let x = leaf([2])
        let y = x * 2
        y.retainGrad()
        y.mul_(3)
        y.backward()
        #expect(values(y.grad) == [1] && values(x.grad) == [6])
        let z = x * 2
        z.retainGrad()
        z.view(1).mul_(3)
        z.sum().backward()
        #expect(values(z.grad) == [1])
    }

    @Test func aHookThatDoublesAGradientUnderCreateGraphIsDifferentiated() {
        let x = leaf([2])
        let y = x * x
        y.registerHook { $0 * $0 * 3 }
        let g = leaf([5])
        let pulled = grad(of: y, wrt: x, gradient: g, createGraph: true)
        #expect(values(pulled) == [300])
        #expect(values(grad(of: pulled, wrt: g)) == [120])
    }
}
