import Testing

@testable import AdjointCore

/// Roots, gradients, accumulation, freeing.
@Suite struct BackwardTests {
    @Test func aRootOfOneElementNeedsNoGradient() {
        let x = leaf([3], [1, 1])
        (x * 2).backward()
        #expect(values(x.grad) == [2])
    }

    @Test func aRootOfSeveralElementsOrNoneNeedsOne() {
        let words = "grad can be implicitly created only for scalar outputs"
        expectError(.autograd, words, "[2]") { (leaf([1, 2]) * 2).backward() }
        expectError(.autograd, words) { (leaf([]) * 2).backward() }
    }

    @Test func aRootWithoutGraphIsNamedByItsPosition() {
        let x = leaf([1])
        expectError(.autograd, "element 0", "does not require grad") { numbers([1]).backward() }
        expectError(.autograd, "element 1") { backward([x * 2, numbers([1])]) }
    }

    @Test func theGradientArgumentMustFitTheRoot() {
        let x = leaf([1, 2])
        expectError(.shape, "[3]", "[2]") { (x * 2).backward(gradient: numbers([1, 1, 1])) }
        expectError(.dtype, "float32") {
            (x * 2).backward(gradient: Tensor([1.0, 1.0], dtype: .float32))
        }
        expectError(.device, "same device") {
            (x * 2).backward(gradient: numbers([1, 1]).to(.meta))
        }
        expectError(.argument, "2 tensors and 1 gradients") {
            backward([x * 2, x * 3], gradients: [numbers([1, 1])])
        }
        #expect(x.grad == nil)
        (x * 2).backward(gradient: numbers([1, 10]))
        #expect(values(x.grad) == [2, 20])
    }

    @Test func severalRootsAreSummedAndARepeatedOneCountsTwice() {
        let x = leaf([2])
        let a = x * 2
        let b = a * 3
        backward([a, b])
        #expect(values(x.grad) == [8])
        let y = x * x
        #expect(values(grads(of: [y, y], wrt: [x])[0]) == [8])
    }

    @Test func gradientsAccumulateIntoTheSameObject() {
        let x = leaf([2])
        (x * x).backward()
        let first = x.grad!
        (x * x).backward()
        #expect(x.grad === first && values(first) == [8])
        first.zero_()
        (x * x).backward()
        #expect(values(x.grad) == [4])
    }

    @Test func aTensorUsedTwiceGetsTheSumOfBothPaths() {
        let x = leaf([3])
        (x * x).backward()
        #expect(values(x.grad) == [6])
        let y = leaf([2])
        (y ** y).backward()
        #expect(abs(values(y.grad)![0] - 6.772588722239782) < 1e-12)
        let m = leaf([1, 2, 3, 4], [2, 2])
        m.matmul(m).sum().backward()
        #expect(values(m.grad) == [7, 11, 9, 13])
    }

    @Test func gradientsOfBroadcastInputsAreSummed() {
        let (a, b) = (leaf([1, 1, 1], [3, 1]), leaf([2, 2, 2, 2], [1, 4]))
        (a * b).sum().backward()
        #expect(values(a.grad) == [8, 8, 8] && a.grad!.shape == [3, 1])
        #expect(values(b.grad) == [3, 3, 3, 3] && b.grad!.shape == [1, 4])
        let s = leaf([1], [])
        (s * Tensor.ones(2, 3, dtype: .float64)).sum().backward()
        #expect(values(s.grad) == [6] && s.grad!.shape == [])
        let (e, f) = (leaf([], [4, 0]), leaf([1, 1, 1, 1], [4, 1]))
        (e + f).sum().backward()
        #expect(values(f.grad) == [0, 0, 0, 0] && e.grad!.shape == [4, 0])
    }

    @Test func gradientsHaveTheDTypeOfWhatTheyBelongTo() {
        let (x, y) = (leaf([2], dtype: .float32), leaf([3], dtype: .float64))
        (x * y).backward()
        #expect(x.grad!.dtype == .float32 && y.grad!.dtype == .float64)
        let b = leaf([2], dtype: .bfloat16)
        (b.to(.float32) * 3).backward()
        #expect(b.grad!.dtype == .bfloat16 && values(b.grad) == [3])
    }

    @Test func aSecondPassOverFreedTensorsIsAnError() {
        let x = leaf([2])
        let y = x * x
        y.backward()
        expectError(.graphFreed, "Trying to backward through the graph a second time") {
            y.backward()
        }
        #expect(values(x.grad) == [4])
    }

    @Test func aGraphThatSavedNothingCanBeWalkedTwice() {
        let x = leaf([2])
        let y = x + 1
        y.backward()
        y.backward()
        #expect(values(x.grad) == [2])
    }

    @Test func retainGraphAllowsAsManyPassesAsWanted() {
        let x = leaf([2])
        let y = x * x * x
        for _ in 0..<3 { y.backward(retainGraph: true) }
        #expect(values(x.grad) == [36])
    }

    @Test func freeingIsByNode() {
        let x = leaf([2])
        let shared = x * x
        (shared * shared).backward()
        expectError(.graphFreed) { (shared * 3).backward() }
        let y = leaf([2])
        let sum = y + 1
        (sum * sum).backward()
        (sum * 3).backward()
        #expect(values(y.grad) == [9])
    }

    @Test func inputsLimitWhereGradientsGo() {
        let (x, w) = (leaf([2]), leaf([3]))
        let h = x * w
        (h * h).backward(inputs: [x])
        #expect(values(x.grad) == [36] && w.grad == nil)
        let a = leaf([2])
        let b = a * a
        (b * b).backward(inputs: [b, a])
        #expect(values(b.grad) == [8] && values(a.grad) == [32])
        expectError(.argument, "cannot be empty") { (a * a).backward(inputs: []) }
        expectError(.autograd, "does not require grad") { (a * a).backward(inputs: [numbers([1])]) }
    }

    @Test func anUnusedLeafKeepsNilAndAWeightOfZeroGivesZero() {
        let (x, y, z) = (leaf([2]), leaf([3]), leaf([4]))
        (x * 2 + z * 0).backward()
        #expect(y.grad == nil && values(z.grad) == [0])
    }

    @Test func laterNodesRunFirstWhateverTheOrderOfRoots() {
        let x = leaf([2])
        let log = Log<String>()
        var nodes: [Tensor] = []
        for name in ["a", "b", "c"] {
            let y = x * 2
            y.gradFn!.registerHook { _, _ in
                log.add(name)
                return nil
            }
            nodes.append(y)
        }
        backward([nodes[1], nodes[2], nodes[0]])
        #expect(log.all == ["c", "b", "a"])
    }

    @Test func aNodeRunsOnceAfterAllItsConsumers() {
        let x = leaf([2])
        let y = x * 2
        let log = Log<Double>()
        y.registerHook {
            log.add($0.item())
            return nil
        }
        (y * 3 + y * 4 + y).backward()
        #expect(log.all == [8])
    }

    @Test func callersTensorsAreNeverAliasedIntoGrad() {
        let x = leaf([1, 2])
        let g = numbers([1, 1])
        (x + 0).backward(gradient: g)
        g.mul_(100)
        #expect(values(x.grad) == [1, 1])
        let y = leaf([1, 2])
        y.backward(gradient: g)
        g.zero_()
        #expect(values(y.grad) == [100, 100])
    }

    @Test func gradientsOfDifferentInputsDoNotShareMemory() {
        let (x, y) = (leaf([1, 2]), leaf([3, 4]))
        (x + y).sum().backward()
        x.grad!.mul_(5)
        #expect(values(y.grad) == [1, 1])
    }

    @Test func gradientsFromExpandedCotangentsOwnTheirMemory() {
        let x = leaf([1, 2, 3])
        x.sum().backward()
        #expect(x.grad!.strides == [1])
        x.grad!.add_(numbers([1, 2, 3]))
        #expect(values(x.grad) == [2, 3, 4])
    }

    @Test func anErrorOnTheWayLeavesEveryGradAsItWas() {
        let (x, y) = (leaf([2]), leaf([3]))
        x.grad = numbers([5])
        let early = y.exp()
        let root = x * 2 + early
        early.detach().add_(1)
        expectError(.inPlace) { root.backward() }
        #expect(values(x.grad) == [5] && y.grad == nil)
    }

    @Test func anErrorOnTheWayLeavesTheGraphUsable() {
        let x = leaf([2])
        let switchable = Log<Int>()
        let y = x * x
        y.registerHook { g in switchable.all.isEmpty ? Tensor.zeros(3, dtype: .float64) : g }
        expectError(.shape, "changed the size") { y.backward(retainGraph: true) }
        switchable.add(1)
        y.backward()
        #expect(values(x.grad) == [4])
    }
}
