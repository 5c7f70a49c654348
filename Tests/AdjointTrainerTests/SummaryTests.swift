import Adjoint
import Testing

/// Calls its parts as users write it: nothing of hooks.
private final class Net: Module {
    let fc1 = Linear(784, 128), fc2 = Linear(128, 10)
    func callAsFunction(_ x: Tensor) -> Tensor { fc2(relu(fc1(x))) }
}

/// A layer of the user's, with parameters of its own and operations on them.
private final class Scale: Layer {
    let factor = Parameter(Tensor.ones(6)), unused = Parameter(Tensor.ones(3))
    func callAsFunction(_ x: Tensor) -> Tensor { (x * factor).tanh() }
}

private final class Block: Layer {
    let scale = Scale(), inner = Linear(6, 6)
    func callAsFunction(_ x: Tensor) -> Tensor { x + inner(scale(x)).relu() }
}

private final class Nested: Layer {
    let blocks = [Block(), Block()]
    let head = Sequential(Flatten(), Linear(6, 2)), spare = Linear(2, 2)
    func callAsFunction(_ x: Tensor) -> Tensor { head(blocks.reduce(x) { $1($0) }) }
}

private final class TiedModel: Layer {
    let emb = Embedding(50, 8), body = Linear(8, 8), out: Projection
    let again: Linear
    init() {
        out = Projection(emb.weight)
        again = body
    }
    func callAsFunction(_ x: Tensor) -> Tensor { out(again(body(emb(x)))) }
    final class Projection: Layer {
        let weight: Parameter
        init(_ weight: Parameter) { self.weight = weight }
        func callAsFunction(_ x: Tensor) -> Tensor { x.matmul(weight.t()) }
    }
}

@Suite struct SummaryTests {
    @Test func theTable() {
        let summary = Net().summary(input: Tensor.zeros(32, 784)) { $0($1) }
        #expect(
            summary.description == """
                Layer             Output      Params      %  Saved for backward     MACs
                fc1   Linear      [32, 128]  100,480  98.7%    98.0 KiB            3.2 M
                relu  (function)  [32, 128]        0   0.0%    16.0 KiB                0
                fc2   Linear      [32, 10]     1,290   1.3%         0 B (shared)  41.0 k
                Total 101,770 trainable · graph holds 114.0 KiB until backward · peak estimate 941.1 KiB
                """)
        #expect(summary.parameters == 101_770 && summary.macs == 32 * (784 * 128 + 128 * 10))
        // The input; the result of relu, which fc2 keeps too.
        #expect(summary.savedBytes == 4 * (32 * 784 + 32 * 128))
        #expect(
            summary.peakBytes == 2 * 4 * 101_770 + summary.savedBytes + 2 * 4 * 32 * 128)
    }

    @Test func layersOfUsersAreFoundByTheirParameters() {
        let model = Nested()
        let summary = model.summary(input: Tensor.ones(4, 6))
        #expect(
            summary.description == """
                Layer                       Output  Params      %  Saved for backward  MACs
                blocks.0.scale  Scale       [4, 6]       9   7.4%    96 B                 0
                tanh            (function)  [4, 6]       0   0.0%    96 B                 0
                blocks.0.inner  Linear      [4, 6]      42  34.4%     0 B (shared)      144
                relu, add       (function)  [4, 6]       0   0.0%    96 B                 0
                blocks.1.scale  Scale       [4, 6]       9   7.4%    96 B                 0
                tanh            (function)  [4, 6]       0   0.0%    96 B                 0
                blocks.1.inner  Linear      [4, 6]      42  34.4%     0 B (shared)      144
                relu, add       (function)  [4, 6]       0   0.0%    96 B                 0
                head.0          Flatten     [4, 6]       0   0.0%     0 B                 0
                head.1          Linear      [4, 2]      14  11.5%    96 B                48
                spare           Linear      -            6   4.9%     0 B                 0  not called
                Total 122 trainable · graph holds 672 B until backward · peak estimate 1.8 KiB
                """)
        #expect(summary.parameters == model.parameters().reduce(0) { $0 + $1.numel })
        #expect(summary.macs == 4 * (36 + 36 + 12))
    }

    @Test func tiedParametersAreCountedOnce() {
        let model = TiedModel()
        model.emb.requiresGrad_(false)
        let summary = model.summary(input: Tensor([[1, 2, 3]]))
        #expect(
            summary.description == """
                Layer             Output      Params      %  Saved for backward   MACs
                emb   Embedding   [1, 3, 8]      400  84.7%      0 B                 0  frozen
                body  Linear      [1, 3, 8]       72  15.3%    192 B               384  2 calls
                out   Projection  [1, 3, 50]       0   0.0%      0 B             1.2 k
                tied out.weight  shared with emb.weight (counted once)
                tied again  shared with body (counted once)
                Total 472, of which 72 trainable · graph holds 192 B until backward · peak estimate 3.5 KiB
                """)
        #expect(summary.parameters == model.parameters().reduce(0) { $0 + $1.numel })
        #expect(summary.ties.map(\.name) == ["out.weight", "again"])
    }

    @Test func convolutionsAttentionAndRecurrenceAreCounted() {
        let grouped = Conv2d(4, 8, kernelSize: 3, padding: 1, groups: 2)
        #expect(grouped.summary(input: Tensor.ones(2, 4, 5, 5)).macs == 2 * 8 * 25 * 2 * 9)
        let transposed = ConvTranspose2d(4, 6, kernelSize: 3)
        #expect(transposed.summary(input: Tensor.ones(2, 4, 5, 5)).macs == 2 * 4 * 25 * 6 * 9)
        let attention = MultiheadAttention(8, 2, batchFirst: true)
        let words = Tensor.ones(3, 5, 8)
        let summary = attention.summary(input: words) { $0($1, $1, $1).output }
        // Four projections of 15 rows, and two products of 5 x 5 by 4 for 3 batches of 2 heads.
        #expect(summary.macs == 15 * 8 * 8 * 4 + 2 * 3 * 2 * 25 * 4)
        let gru = GRU(8, 4, batchFirst: true)
        let steps = gru.summary(input: words) { $0($1).output }
        #expect(steps.macs == 15 * 8 * 12 + 15 * 4 * 12)
        #expect(steps.parameters == gru.parameters().reduce(0) { $0 + $1.numel })
    }

    @Test func theCallLeavesNoTrace() {
        let model = Sequential(Linear(3, 4), BatchNorm1d(4), Dropout(0.5))
        let before = model.stateDict().mapValues { $0.array(as: Float.self) }
        withGenerator(seed: 1) {
            let state = Generator.current.state
            let summary = noGrad { model.summary(input: Tensor.randn(5, 3)) }
            #expect(summary.savedBytes > 0 && summary.rows.map(\.calls) == [1, 1, 1])
            Generator.current.state = state
            _ = Tensor.randn(5, 3)
            let drawn = Generator.current.state
            Generator.current.state = state
            _ = model.summary(input: Tensor.randn(5, 3))
            #expect(Generator.current.state == drawn)
        }
        #expect(model.stateDict().mapValues { $0.array(as: Float.self) } == before)
        #expect(model.parameters().allSatisfy { $0.grad == nil })
        // Without gradients nothing is held; products are counted all the same.
        model.requiresGrad_(false)
        let frozen = model.summary(input: Tensor.ones(5, 3))
        #expect(frozen.savedBytes == 0 && frozen.macs == 60 && frozen.trainableParameters == 0)
        #expect(frozen.description.contains("Total 24, of which 0 trainable"))
    }

    @Test func loopsHaveTheRowsOfOneTurn() {
        final class Loop: Layer {
            let cell = Linear(3, 3)
            func callAsFunction(_ x: Tensor) -> Tensor {
                (0..<50).reduce(x) { h, _ in cell(h).tanh() }
            }
        }
        let summary = Loop().summary(input: Tensor.ones(2, 3))
        #expect(summary.rows.map(\.name) == ["cell", "tanh"])
        #expect(summary.rows[0].calls == 50 && summary.macs == 50 * 2 * 9)
        #expect(summary.rows[0].parameters == 12)
    }

    @Test func halfWidthIsSeen() {
        let model = Net().to(.bfloat16)
        let summary = model.summary(input: Tensor.zeros(4, 784, dtype: .bfloat16)) { $0($1) }
        #expect(summary.rows.allSatisfy { $0.dtype == .bfloat16 })
        #expect(summary.savedBytes == 2 * (4 * 784 + 4 * 128))
        #expect(throws: TensorError.self) {
            try catchingTensorErrors { model.summary(input: Tensor.zeros(4, 3)) { $0($1) } }
        }
    }
}
