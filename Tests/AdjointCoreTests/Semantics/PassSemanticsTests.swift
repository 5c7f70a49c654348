import AdjointTesting
import Foundation
import Testing

@testable import AdjointCore

/// 2x, with a gradient that the test chooses.
private struct Doubled: Function {
    let pull: @Sendable (Tensor) -> [Tensor?]
    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] { [inputs[0] * 2] }
    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        pull(gradOutputs[0]!)
    }
}

/// What a backward pass accepts, under which mode it runs, and on which thread.
@Suite struct PassSemanticsTests {
    @Test("what a derivative returns is held to its input: count, shape and dtype")
    func validation() {
        func run(_ pull: @escaping @Sendable (Tensor) -> [Tensor?]) -> (Tensor, TensorError?) {
            let x = leaf([1, 2], [1, 2])
            return (x, tensorError { Doubled(pull: pull).apply(x).sum().backward() })
        }
        #expect(run { [$0, $0, $0] }.1?.message.contains("number of gradients") == true)
        let shape = run { _ in [Tensor.ones([10], dtype: .float64)] }.1
        #expect(shape?.kind == .shape && shape?.message.contains("[10]") == true)
        #expect(shape?.message.contains("DoubledBackward") == true)
        // A larger shape that broadcasting would make is summed back, another dtype cast.
        let summed = run { _ in [Tensor.ones([3, 1, 2], dtype: .float64)] }
        #expect(summed.1 == nil && values(summed.0.grad) == [3, 3])
        let cast = run { [$0.to(.float32)] }
        #expect(cast.1 == nil && cast.0.grad?.dtype == .float64)
    }

    @Test("a hook that wants a graph of its own asks for it: recording is off in a plain pass")
    func graphsInsideHooks() {
        let (x, w) = (leaf([2]), leaf([3]))
        x.registerHook { _ in
            (w * w).backward()
            return nil
        }
        expectError(.autograd, "does not require grad") { (x * x).backward() }
        #expect(x.grad == nil && w.grad == nil)
    }

    @Test("hooks and derivatives run on the thread that called backward")
    func callingThread() {
        let seen = Log<Bool>()
        let finished = DispatchSemaphore(value: 0)
        let thread = Thread {
            let caller = ObjectIdentifier(Thread.current)
            let x = leaf([2])
            x.registerHook { _ in
                seen.add(ObjectIdentifier(Thread.current) == caller)
                return nil
            }
            let y = Doubled(pull: {
                seen.add(ObjectIdentifier(Thread.current) == caller)
                return [$0 * 2]
            }).apply(x)
            (y * y).backward()
            finished.signal()
        }
        thread.start()
        finished.wait()
        #expect(seen.all == [true, true])
    }

    @Test("for one caller the order of a pass is fixed: sums of rounded numbers are equal in bits")
    func determinism() {
        func run() -> [Double] {
            let x = leaf((0..<64).map { 0.1 + Double($0) / 7 })
            let parts = (1...40).map { (x * (1 / Double($0))).sin() ** Double($0 % 5) }
            backward(parts.map { $0.sum() } + [x.exp().sum()])
            return values(x.grad)!
        }
        let first = run()
        for _ in 0..<5 { #expect(run().map(\.bitPattern) == first.map(\.bitPattern)) }
    }

    @Test("passes nest: a hook's own pass runs inside, 200 deep")
    func nestedPasses() {
        let depth = Log<Int>()
        @Sendable func dive(_ level: Int) {
            let x = leaf([1])
            x.registerHook { _ in
                depth.add(level)
                if level < 200 { enableGrad { dive(level + 1) } }
                return nil
            }
            (x * 2).backward()
        }
        dive(1)
        #expect(depth.all == Array(1...200))
    }

    @Test("a leaf with a post-accumulate hook gets its gradient at once, and is not rolled back")
    func postAccumulateIsImmediate() {
        let (early, late) = (leaf([2]), leaf([3]))
        let seen = Log<Double>()
        early.registerPostAccumulateGradHook { seen.add($0.grad!.item()) }
        let broken = late.exp()
        let root = broken + early * 5
        broken.detach().zero_()
        expectError(.inPlace) { root.backward() }
        #expect(seen.all == [5] && values(early.grad) == [5] && late.grad == nil)
    }

    @Test("inference on shared parameters runs beside training on them, in tasks and in threads")
    func sharedParameters() async {
        let w = leaf([2, 3])
        let right = Log<Bool>()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for _ in 0..<100 {
                        if task % 2 == 0 {
                            (w * w).sum().backward()
                        } else {
                            right.add(inferenceMode { values((w * 10).sum()) } == [50])
                        }
                    }
                }
            }
        }
        #expect(right.all.count == 400 && right.all.allSatisfy { $0 })
        #expect(values(w.grad) == [1600, 2400])
    }
}
