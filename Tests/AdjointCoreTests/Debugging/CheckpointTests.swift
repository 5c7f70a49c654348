import Synchronization
import Testing

@testable import AdjointCore

@Suite struct CheckpointTests {
    /// Counts the runs of a block.
    final class Counter: Sendable {
        private let value = Atomic<Int>(0)
        func add() -> Int { value.add(1, ordering: .relaxed).newValue }
        var count: Int { value.load(ordering: .relaxed) }
    }

    @Test("Values and gradients are those without a checkpoint, and the block runs once more")
    func sameGradients() {
        let runs = Counter()
        let block: @Sendable (Tensor) -> Tensor = {
            _ = runs.add()
            return ($0.sin() * $0).exp()
        }
        let (x, z) = (leaf([0.5, 1.5]), leaf([0.5, 1.5]))
        let y = checkpoint(block, x)
        #expect(runs.count == 1)
        y.sum().backward()
        #expect(runs.count == 2)
        block(z).sum().backward()
        #expect(values(x.grad) == values(z.grad))
    }

    @Test("Between the passes nothing that the block computed is kept")
    func keepsNothing() {
        let x = leaf([0.5, 1.5])
        let held = Mutex<[Weak]>([])
        let y = checkpoint(
            { x in
                let inner = x.sin()
                held.withLock { $0.append(Weak(inner.storage)) }
                return inner.exp() * 2
            }, x)
        #expect(held.withLock { $0.allSatisfy { $0.storage == nil } })
        y.sum().backward()
        #expect(held.withLock { $0.count } == 2)
    }
    private struct Weak: @unchecked Sendable {
        weak var storage: Storage?
        init(_ storage: Storage) { self.storage = storage }
    }

    @Test("Dropout draws the same mask again, and the caller's random numbers go on undisturbed")
    func dropoutMask() {
        func gradient(_ checkpointed: Bool) -> ([Double]?, [Double]?) {
            withGenerator(seed: 5) {
                let x = leaf([Double](repeating: 1, count: 64))
                let block: @Sendable (Tensor) -> Tensor = { dropout($0, p: 0.5).exp() }
                let y = checkpointed ? checkpoint(block, x) : block(x)
                _ = Tensor.rand(3)
                y.sum().backward()
                return (values(x.grad), values(Tensor.rand(4)))
            }
        }
        let (plain, checkpointed) = (gradient(false), gradient(true))
        #expect(plain.0 == checkpointed.0)
        #expect(plain.1 == checkpointed.1)
        #expect(Set(plain.0!).count > 1)
    }

    @Test("The modes of the first run hold in the second: noGrad around backward changes nothing")
    func modes() {
        let x = leaf([2])
        let y = checkpoint({ $0.exp() * noGrad { Tensor(isGradEnabled ? 1.0 : 3.0) } }, x)
        noGrad { y.backward() }
        #expect(values(x.grad) == values(y))
    }

    @Test("The second run stops at the last saved tensor")
    func earlyStop() {
        struct Count: Function {
            let counter: Counter
            func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
                _ = counter.add()
                return [inputs[0] * 1]
            }
            func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
                [gradOutputs[0]]
            }
        }
        for early in [true, false] {
            let counter = Counter()
            let x = leaf([2])
            let y = checkpoint(
                { Count(counter: counter).apply($0.sin()) }, x, earlyStop: early)
            y.backward()
            #expect(counter.count == (early ? 1 : 2))
            #expect(values(x.grad)! == values(leaf([2]).cos())!)
        }
    }

    @Test("The last operation is not computed again where its operands are all that is saved")
    func lastOperationSkipped() {
        let (x, w) = (leaf([1, 2, 3, 4], [2, 2]), leaf([1, 0, 2, 1], [2, 2]))
        let results = Log<Bool>()
        let y = checkpoint(
            { x in
                let y = x.exp().matmul(w)
                results.add(Mode.current.isFailing)
                return y
            }, x)
        y.sum().backward()
        #expect(results.all == [false, true])
        let z = leaf([1, 2, 3, 4], [2, 2])
        z.exp().matmul(w.detach()).sum().backward()
        #expect(values(x.grad) == values(z.grad))
    }

    @Test("A block that branches on a number is run to its end, on real numbers")
    func readsNumbers() {
        let seen = Log<Double>()
        let x = leaf([2])
        let y = checkpoint(
            { x in
                let y = x.sin()
                seen.add(y.item())
                return (y.item() as Double) > 0 ? y * 2 : y.exp()
            }, x)
        y.backward()
        #expect(seen.all.count == 2 && seen.all[0] == seen.all[1])
        #expect(values(x.grad)! == values(leaf([2]).cos() * 2)!)
    }

    @Test("Fewer, more and other saved tensors are errors; the reference accepts more")
    func mismatches() {
        func run(
            _ first: @escaping @Sendable (Tensor) -> Tensor,
            _ second: @escaping @Sendable (Tensor) -> Tensor, early: Bool = true
        ) {
            let runs = Counter()
            let x = leaf([1, 2, 3])
            checkpoint({ runs.add() == 1 ? first($0) : second($0) }, x, earlyStop: early)
                .sum().backward()
        }
        for early in [true, false] {
            expectError(.autograd, "different number of tensors", "2 and 1") {
                run({ $0.sin().exp() }, { $0.sin() }, early: early)
            }
            expectError(.autograd, "different number of tensors", "1 and at least 2") {
                run({ $0.sin() }, { $0.sin().exp() }, early: early)
            }
        }
        expectError(.shape, "different metadata", "[3]", "[2]") {
            run({ $0.sin() }, { $0[0..<2].sin() })
        }
        expectError(.dtype, "different metadata", "float64", "float32") {
            run({ $0.sin() }, { $0.to(.float32).sin() })
        }
    }

    @Test("Checkpoints nest")
    func nested() {
        let (outer, inner) = (Counter(), Counter())
        let innerBlock: @Sendable (Tensor) -> Tensor = {
            _ = inner.add()
            return $0.sin().exp()
        }
        let block: @Sendable (Tensor) -> Tensor = {
            _ = outer.add()
            return checkpoint(innerBlock, $0 * $0).cos()
        }
        let (x, z) = (leaf([0.5, 1.5]), leaf([0.5, 1.5]))
        checkpoint(block, x).sum().backward()
        (z * z).sin().exp().cos().sum().backward()
        #expect(values(x.grad) == values(z.grad))
        #expect(outer.count == 2)
        #expect(inner.count == 3)  // first run, inside the outer's second run, and its own
    }

    @Test("Second derivatives go through")
    func doubleBackward() {
        let x = leaf([0.5, 1.5])
        let y = checkpoint({ ($0.sin() * $0).exp() }, x)
        let g = grad(of: y.sum(), wrt: x, createGraph: true)
        let h = grad(of: g.sum(), wrt: x)
        let z = leaf([0.5, 1.5])
        let g0 = grad(of: (z.sin() * z).exp().sum(), wrt: z, createGraph: true)
        #expect(values(h) == values(grad(of: g0.sum(), wrt: z)))
        gradgradcheck({ checkpoint({ $0.sin() * $0 }, $0).sum() }, [leaf([0.3, 0.7])])
    }

    @Test("A retained graph runs the block again for each pass")
    func retained() {
        let runs = Counter()
        let x = leaf([2])
        let y = checkpoint(
            { x in
                _ = runs.add()
                return x.sin().exp()
            }, x)
        y.backward(retainGraph: true)
        y.backward()
        #expect(runs.count == 3)
        expectError(.graphFreed, "second time") { y.backward() }
    }

    @Test("Parameters that the block captures get their gradients")
    func captured() {
        let (x, w) = (leaf([1, 2]), leaf([3, 4]))
        checkpoint({ ($0 * w).sin() }, x).sum().backward()
        let (x0, w0) = (leaf([1, 2]), leaf([3, 4]))
        (x0 * w0).sin().sum().backward()
        #expect(values(w.grad) == values(w0.grad))
        #expect(values(x.grad) == values(x0.grad))
    }

    @Test("A parameter written between the passes is an error, as without a checkpoint")
    func parameterWritten() {
        let (x, w) = (leaf([1, 2]), leaf([3, 4]))
        let y = checkpoint({ $0 * w }, x)
        noGrad { _ = w.add_(1) }
        expectError(.inPlace, "modified by an inplace operation") { y.sum().backward() }
        let z = checkpoint({ $0.sin() }, x)
        noGrad { _ = x.add_(1) }
        expectError(.inPlace, "modified by an inplace operation") { z.sum().backward() }
    }

    @Test("Several arguments and several results")
    func severalTensors() {
        let (a, b) = (leaf([1, 2]), leaf([3, 4]))
        let ys = checkpoint({ (xs: [Tensor]) in [xs[0] * xs[1], xs[1].sin()] }, [a, b])
        (ys[0] + ys[1]).sum().backward()
        #expect(values(a.grad) == [3, 4])
        let (c, d) = (leaf([1, 2]), leaf([3, 4]))
        checkpoint({ $0 * $1 }, c, d).sum().backward()
        #expect(values(d.grad) == [1, 2])
    }

    @Test("A block may take gradients itself")
    func gradientsInside() {
        let x = leaf([2])
        let block: @Sendable (Tensor) -> Tensor = { x in
            grad(of: (x ** 3).sum(), wrt: x, createGraph: true).sin()
        }
        let y = checkpoint(block, x)
        y.backward()
        let z = leaf([2])
        block(z).backward()
        #expect(values(x.grad) == values(z.grad))
    }

    @Test("Under noGrad a checkpoint is its block")
    func noGradRuns() {
        let y = noGrad { checkpoint({ $0.exp() }, leaf([2])) }
        #expect(!y.requiresGrad)
    }

    @Test("checkpointSequential equals the functions in turn, its last segment kept")
    func sequential() {
        let runs = Counter()
        let layer: @Sendable (Tensor) -> Tensor = {
            _ = runs.add()
            return $0.sin()
        }
        let (x, z) = (leaf([0.5]), leaf([0.5]))
        checkpointSequential([layer, layer, layer, layer], segments: 2, x).backward()
        #expect(runs.count == 6)
        z.sin().sin().sin().sin().backward()
        #expect(values(x.grad) == values(z.grad))
        expectError(.argument, "5 segments of 4") {
            _ = checkpointSequential([layer, layer, layer, layer], segments: 5, x)
        }
    }

    @Test("An error in the second run is that of backward, and leaves gradients alone")
    func errorInside() {
        let runs = Counter()
        let x = leaf([1, 2])
        let y = checkpoint(
            { x in x.sin() + Tensor([Double](repeating: 1, count: runs.add() + 1)).to(.float64) },
            x,
            earlyStop: false)
        expectError(.shape) { y.sum().backward() }
        #expect(x.grad == nil)
    }

    @Test("The graph of a checkpoint is freed")
    func freed() {
        weak var node: Node?
        do {
            let x = leaf([2])
            let y = checkpoint({ $0.sin().exp() }, x)
            node = y.gradFn
            y.backward(retainGraph: true, createGraph: true)
            x.grad = nil
        }
        #expect(node == nil)
    }
}
