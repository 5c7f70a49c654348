import Testing

@testable import AdjointCore

/// The traps 41 to 52, as far as the core has what they need.
@Suite struct FortyTrapTests {
    @Test("41. a hook on a leaf fires once, on the sum")
    func leafHook() {
        let x = leaf([2])
        let log = Log<Double>()
        x.registerHook {
            log.add($0.item())
            return nil
        }
        (x * x + x).backward()
        #expect(log.all == [5])
    }

    @Test("42. a checkpoint draws the same numbers again, and runs its block once more")
    func checkpointed() {
        let runs = Log<Int>()
        let block: @Sendable (Tensor) -> Tensor = {
            runs.add(1)
            return dropout($0.exp(), p: 0.5) * $0
        }
        let x = leaf([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4])
        let plain = withGenerator(seed: 3) { grad(of: block(x).sum(), wrt: x) }
        let again = withGenerator(seed: 3) {
            let y = checkpoint(block, x).sum()
            _ = Tensor.rand(100)
            return grad(of: y, wrt: x)
        }
        #expect(values(plain) == values(again) && runs.all.count == 3)
    }

    @Test("43. an inference tensor takes part where nothing is saved, and only there")
    func inferenceTensors() {
        let x = leaf([2])
        let constant = inferenceMode { Tensor([3.0], dtype: .float64) }
        #expect(values(grad(of: x + constant, wrt: x)) == [1])
        expectError(.autograd, "inference", "clone()") { _ = x * constant }
        #expect(values(grad(of: x * constant.clone(), wrt: x)) == [3])
    }

    @Test("44. a number that left the graph is a constant")
    func numbersAreConstants() {
        let x = leaf([3])
        (x * x.item(as: Double.self)).backward()
        #expect(values(x.grad) == [3])
    }

    @Test("45. the padding row of an embedding gets no gradient")
    func padding() {
        let weight = leaf([1, 2, 3, 4, 5, 6], [3, 2])
        embedding(Tensor([0, 1, 1]), weight, paddingIndex: 1).sum().backward()
        #expect(values(weight.grad) == [1, 1, 0, 0, 0, 0])
    }

    @Test("46. a loss whose targets are all ignored is NaN, with the gradient 0")
    func ignoredTargets() {
        let logits = leaf([1, 2, 3, 4], [2, 2])
        let loss = crossEntropy(logits, Tensor([-100, -100]))
        loss.backward()
        #expect((loss.item() as Double).isNaN && values(logits.grad) == [0, 0, 0, 0])
    }

    @Test("47. a division by a norm that eps bounds is steep at 0, and finite")
    func normalised() {
        let x = leaf([0, 0])
        let y = x / x.norm().clamp(min: 1e-12)
        y.backward(gradient: numbers([1, 2]))
        #expect(agree(values(x.grad), [1e12, 2e12]))
    }

    @Test("51. a loss of shapes that broadcast is that of the broadcast pair")
    func broadcastLoss() {
        let x = leaf([1, 2, 3], [3, 1])
        mseLoss(x, numbers([1, 2, 3])).backward()
        #expect(agree(values(x.grad), [-2.0 / 3, 0, 2.0 / 3]))
    }

    @Test("52. a hook may remove itself while it runs: 2, then 3")
    func removalInside() {
        let x = leaf([2])
        let handles = Log<HookHandle>()
        handles.add(
            x.registerHook {
                handles.all[0].remove()
                return $0 * 2
            })
        (x + 0).backward()
        #expect(values(x.grad) == [2])
        (x + 0).backward()
        #expect(values(x.grad) == [3])
    }
}
