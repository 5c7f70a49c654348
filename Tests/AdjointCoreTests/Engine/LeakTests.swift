import AdjointTesting
import Testing

@testable import AdjointCore

/// Everything is freed: no cycle between tensors, gradients and nodes.
@Suite struct LeakTests {
    private struct Held {
        weak var tensor: Tensor?
        weak var node: Node?
    }

    /// Runs `body`, which gives a tensor of a graph, and says what is left of it afterwards.
    private func remains(_ body: () -> Tensor) -> (tensor: Bool, node: Bool) {
        var held = Held()
        do {
            let tensor = body()
            held.tensor = tensor
            held.node = tensor.gradFn
        }
        return (held.tensor != nil, held.node != nil)
    }

    private func expectFreed(
        at location: SourceLocation = #_sourceLocation, _ body: () -> Tensor
    ) {
        let left = remains(body)
        #expect(!left.tensor && !left.node, sourceLocation: location)
    }

    @Test func aGraphWithoutABackwardPass() {
        expectFreed { (leaf([1]).exp() * 2).sum() }
    }

    @Test func aGraphThatWasRetained() {
        expectFreed {
            let y = leaf([1]).exp().exp()
            y.backward(retainGraph: true)
            return y
        }
    }

    @Test func gradientsMadeWithCreateGraph() {
        let x = leaf([2])
        expectFreed {
            let y = x ** 3
            y.backward(createGraph: true)
            let g = x.grad!
            x.grad = nil
            return g
        }
    }

    @Test func aLeafWhoseGradientHasAGraphThroughTheLeaf() {
        weak var held: Tensor?
        weak var node: Node?
        do {
            let x = leaf([2])
            let y = x.exp() * x
            y.backward(createGraph: true)
            x.grad!.sum().backward(createGraph: true)
            held = x
            node = y.gradFn
        }
        #expect(held == nil && node == nil)
    }

    @Test func aTensorThatRetainsItsGradientWithAGraph() {
        weak var held: Tensor?
        do {
            let x = leaf([2])
            let y = x.exp()
            y.retainGrad()
            (y * y).backward(createGraph: true)
            held = y
        }
        #expect(held == nil)
    }

    @Test func aTensorWithAHook() {
        expectFreed {
            let x = leaf([2])
            let y = x.exp()
            y.registerHook { $0 * 2 }
            x.registerPostAccumulateGradHook { _ in }
            y.backward()
            return y
        }
    }

    @Test func aViewThatWasWrittenAndItsBase() {
        expectFreed {
            let base = leaf([1, 2]) * 1
            base[0].mul_(3)
            base[1].exp_()
            base.sum().backward(createGraph: true)
            return base
        }
        expectFreed {
            let base = leaf([1, 2]).clone()
            let view = base[0]
            view.exp_()
            return view
        }
    }

    @Test func aCustomFunctionThatSavesItsOutputAndWritesItsInput() {
        struct ExpInPlace: Function {
            func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
                let y = inputs[0].exp_()
                context.markDirty(y)
                context.saveForBackward(y)
                return [y]
            }
            func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
                [gradOutputs[0]! * context.savedTensors[0]]
            }
        }
        expectFreed { ExpInPlace().apply(leaf([1]) * 1) }
        expectFreed {
            let y = ExpInPlace().apply(leaf([1]) * 1)
            y.backward(createGraph: true)
            return y
        }
    }

    @Test func duals() {
        expectFreed {
            let x = leaf([2])
            return forwardMode { level in
                let dual = level.makeDual(x, tangent: numbers([1]))
                return dual.exp().exp()
            }
        }
        expectFreed {
            let x = leaf([2])
            return forwardMode { level in
                let dual = level.makeDual(x, tangent: numbers([1]))
                let y = dual * 1
                y.exp_()
                _ = grad(of: level.unpackDual(y).tangent!, wrt: x, createGraph: true)
                return y
            }
        }
    }

    @Test func savedTensorsAreDroppedByAPass() {
        weak var held: Tensor?
        let x = leaf([2])
        let y: Tensor
        do {
            let inner = x.sin()
            held = inner
            y = inner.sin()
        }
        #expect(held != nil)
        y.backward()
        #expect(held == nil)
    }

    @Test func aTrainingLoopKeepsNothing() {
        let w = leaf([0.5, 0.5])
        var nodes: [Held] = []
        for _ in 0..<10 {
            let loss = (w * w).exp().sum()
            loss.backward(createGraph: true)
            nodes.append(Held(tensor: loss, node: loss.gradFn))
            noGrad { _ = w.sub_(w.grad! * 0.01) }
            w.grad = nil
        }
        #expect(nodes.allSatisfy { $0.tensor == nil && $0.node == nil })
    }

    @Test func aGraphThatFailed() {
        expectFreed {
            let x = leaf([1])
            let y = x.exp()
            let z = y * y
            noGrad { _ = y.add_(1) }
            _ = tensorError { z.backward() }
            return z
        }
    }
}
