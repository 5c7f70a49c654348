import Foundation
import Testing

@testable import AdjointCore

/// Graphs of a million operations on a thread with a small stack.
@Suite(.serialized) struct DeepGraphTests {
    /// Runs `body` on a thread whose stack is 512 KiB.
    private func onSmallStack(_ body: @escaping @Sendable () -> [Double]?) async -> [Double]? {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                let value = body()
                continuation.resume(returning: value)
            }
            thread.stackSize = 512 << 10
            thread.start()
        }
    }

    @Test func aChainIsBuiltDifferentiatedAndFreed() async {
        let gradient = await onSmallStack {
            let x = leaf([1], [])
            var y = x * 1
            for _ in 0..<1_000_000 { y = y + 1 }
            y.backward()
            return values(x.grad)
        }
        #expect(gradient == [1])
    }

    @Test func aChainThatSavesTensorsIsFreed() async {
        let gradient = await onSmallStack {
            let x = leaf([0], [])
            var y = x.exp()
            for _ in 0..<250_000 {
                y = y * x
                y = y.exp()
            }
            y.backward()
            return values(x.grad)
        }
        #expect(gradient == [1])
    }

    @Test func aChainIsFreedWithoutABackwardPass() async {
        let last = await onSmallStack {
            let x = leaf([0], [])
            var y = x.exp()
            for _ in 0..<500_000 { y = (y * x).exp() }
            return values(y)
        }
        #expect(last == [1])
    }

    @Test func aChainOfSecondDerivativesIsFreed() async {
        let second = await onSmallStack {
            let x = leaf([1], [])
            var y = x * x
            for _ in 0..<100_000 { y = y * 1 + 0 }
            let first = grad(of: y, wrt: x, createGraph: true)
            return values(grad(of: first, wrt: x))
        }
        #expect(second == [2])
    }

    @Test func aChainOfWritesInPlaceAndOfViews() async {
        let gradient = await onSmallStack {
            let x = leaf([1, 2])
            let y = x.clone()
            for _ in 0..<20_000 {
                y.add_(1)
                y[0].add_(1)
            }
            var view = y
            for _ in 0..<50_000 { view = view.view(2) }
            view.sum().backward()
            return values(x.grad)
        }
        #expect(gradient == [1, 1])
    }

    @Test func aChainOfCustomFunctions() async {
        struct Halve: Function {
            func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
                context.saveForBackward(inputs[0])
                return [inputs[0] + 0]
            }
            func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
                [gradOutputs[0]]
            }
        }
        let gradient = await onSmallStack {
            let x = leaf([1], [])
            var y = x * 1
            for _ in 0..<100_000 { y = Halve().apply(y) }
            y.backward()
            return values(x.grad)
        }
        #expect(gradient == [1])
    }

    @Test func aWideGraphOfSharedNodes() async {
        let gradient = await onSmallStack {
            let x = leaf([1], [])
            var y = x * 1
            // Each round doubles the number of paths, and not of nodes.
            for _ in 0..<60 { y = (y + y) * 0.5 }
            for _ in 0..<100_000 { y = y + x * 0 }
            y.backward()
            return values(x.grad)
        }
        #expect(gradient == [1])
    }
}
