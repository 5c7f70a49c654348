import AdjointTesting
import Testing

@testable import AdjointCore

/// Arguments at the ends of what they can be: sizes beside a size of 0, strides that no memory has,
/// counts of nothing, gradients without memory. Each of these ended the process, or never ended.
@Suite struct ExtremeArgumentTests {
    private let one = Tensor([1.0])

    @Test("views of a tensor with a size of 0 have any other sizes")
    func views() {
        let none = Tensor.zeros([0, 1 << 40, 1 << 40])
        #expect(none.unsqueeze(1).shape == [0, 1, 1 << 40, 1 << 40])
        #expect(none.select(dim: 1, index: 1 << 39).shape == [0, 1 << 40])
        let diagonal = none.diagonal(offset: -(1 << 39), dim1: 1, dim2: 2)
        #expect(diagonal.shape == [0, 1 << 39])
        #expect(none.unfold(dim: 1, size: 2, step: 1 << 38).shape == [0, 4, 1 << 40, 2])
    }

    @Test("strides that no memory has are no trouble without data")
    func strides() {
        let far = Tensor.zeros([4], device: .meta).asStrided([2, 3], [1, .max])
        #expect(tensorError { far.add_(1) } == nil)
        #expect(tensorError { _ = far.diagonal() } == nil)
        #expect(tensorError { _ = far.reshape([1, 2, 3]) } == nil)
        let mapped = vmap { (row: Tensor) in row.asStrided([1], [1]) }
        #expect(tensorError { _ = mapped(Tensor.zeros([1 << 40, 0, 1 << 40])) }?.kind == .index)
    }

    @Test("products of sizes beside a size of 0 are not counted, or refused")
    func products() {
        let wide = 1 << 32
        let error = tensorError {
            _ = linear(Tensor.zeros([wide, wide, 0]), Tensor.zeros([2, 0]))
        }
        #expect(error?.kind == .shape)
        let weight = Tensor.zeros([1 << 40, 0, 1 << 40])
        let sides = (Tensor.zeros([0, 0]), Tensor.zeros([0, 1 << 40]))
        #expect(tensorError { _ = bilinear(sides.0, sides.1, weight) }?.kind == .argument)
        let whole = Tensor.zeros([wide, wide, 0, 1], dtype: .int64)
        let product = whole.matmul(Tensor.zeros([1, 2], dtype: .int64))
        #expect(product.shape == [wide, wide, 0, 2])
        let cube = Tensor.zeros([wide, wide, 0])
        #expect(tensorError { _ = einsum("abk,k->ab", cube, Tensor.zeros([0])) } != nil)
        #expect(tensorError { _ = Linalg.tensorinv(Tensor.zeros([wide, wide, 0, 0])) } != nil)
        let (a, b) = (one.expand([1, 1 << 33]), one.expand([1 << 33]))
        #expect(tensorError { _ = Linalg.tensorsolve(a, b) }?.kind == .shape)
    }

    @Test("normalisations of planes beside an empty batch")
    func normalizations() {
        let wide = 1 << 32
        let x = Tensor.zeros([0, 2, wide, wide])
        let y = batchNorm(x, runningMean: nil, runningVar: nil, training: true)
        #expect(y.shape == x.shape)
        #expect(tensorError { _ = groupNorm(x, 2) }?.kind == .argument)
        #expect(tensorError { _ = instanceNorm(x) }?.kind == .argument)
        let rows = Tensor.zeros([0, wide, wide])
        #expect(layerNorm(rows, [wide, wide]).shape == rows.shape)
    }

    @Test("windows and shuffles whose sizes no Int counts")
    func windows() {
        let meta = Tensor.zeros([1, 1, 1 << 62], device: .meta)
        let pair = Tensor.zeros([1, 1, 2], device: .meta)
        #expect(tensorError { _ = convTranspose1d(meta, pair, stride: 2) }?.kind == .shape)
        #expect(tensorError { _ = pixelShuffle(Tensor.zeros([1, 0, 1 << 62, 1]), 4) } != nil)
        #expect(tensorError { _ = pixelUnshuffle(Tensor.zeros([1, 1 << 62, 0, 4]), 4) } != nil)
        let side = 1 << 30
        let planes = Tensor.zeros([0, 16, side, side])
        #expect(tensorError { _ = unfold(planes, kernelSize: [side, side]) }?.kind == .argument)
        let column = Tensor.zeros([1, 1, 1])
        #expect(
            tensorError { _ = fold(column, outputSize: side, kernelSize: 1, padding: side) }?.kind
                == .argument)
        let places = Tensor.zeros([1, 1, 1], dtype: .int64)
        #expect(
            tensorError {
                _ = maxUnpool1d(column, places, kernelSize: 1, padding: 4, outputSize: [.max])
            }?.kind == .shape)
    }

    @Test("sums of lengths, and pieces of nothing")
    func lengths() {
        let huge = Tensor.zeros([1 << 62], device: .meta)
        #expect(tensorError { _ = huge.split([1 << 62, 1 << 62]) }?.kind == .argument)
        #expect(tensorError { _ = Tensor.cat([huge, huge]) }?.kind == .argument)
        #expect(tensorError { _ = Tensor.cat([huge, huge, huge, huge]) }?.kind == .argument)
        let repeated = one.expand([1 << 62])
        #expect(tensorError { _ = Tensor.cat([repeated, repeated]) }?.kind == .argument)
        #expect(Tensor.zeros([0]).split(0).map(\.shape) == [[0]])
        let longest = Tensor.zeros([Int.max], device: .meta)
        #expect(tensorError { _ = longest.tensorSplit(Tensor([1.5])) }?.kind == .dtype)
        #expect(tensorError { _ = Tensor([Int.max]).oneHot() }?.kind == .argument)
    }

    @Test("counts of nothing, and passes after an error, come to an end")
    func loops() {
        let repeated = one.expand([1 << 40])
        #expect(repeated.repeatInterleave(Tensor([0]), dim: 0).shape == [0])
        #expect(Tensor.zeros([1 << 62], device: .meta).diff(n: .max).shape == [0])
        #expect(Tensor([1.0, 4, 9]).diff(n: 3).shape == [0])
        #expect(tensorError { _ = repeated.diff(n: 1 << 39) }?.kind == .argument)
        #expect(tensorError { _ = one.expand([2, 1 << 40]).unique(dim: 0) }?.kind == .argument)
        let rows = Tensor.zeros([1 << 40, 0])
        #expect(tensorError { _ = rows.nestedArray2D(as: Float.self) }?.kind == .argument)
        let drawn = vmap(randomness: .different) { (_: Tensor) in Tensor.randperm(2) }
        #expect(tensorError { _ = drawn(repeated) }?.kind == .argument)
        let factored = vmap { (a: Tensor) in Linalg.qr(a, mode: .r).r }
        #expect(tensorError { _ = factored(one.expand([1 << 40, 2, 2])) }?.kind == .argument)
        // With a LAPACK or without one.
        let empty = Tensor.zeros([1 << 30, 1 << 30, 0, 0])
        for error in [tensorError { _ = Linalg.svd(empty) }, tensorError { _ = Linalg.qr(empty) }] {
            #expect(error == nil || error?.kind == .argument)
        }
        #expect(!GraphGrowthGuard(patience: .max).step(one))
    }

    @Test("a product that failed is not taken apart")
    func failedProducts() {
        let square = one.expand([1 << 15, 1 << 15])
        let pair = Tensor([1.0, 2])
        #expect(
            tensorError { _ = einsum("ab,cd,e->abcde", square, square, pair) }?.kind == .argument)
        let terms: [any TensorIndex] =
            Array(repeating: IndexTerm.all, count: 8) + [Tensor(true)]
        #expect(tensorError { _ = Tensor.zeros(1, 1, 1, 1, 1, 1, 1, 1)[terms: terms] } != nil)
    }

    /// An operator whose result has a size that no tensor has.
    private struct Shrinking: ConstantOp {
        static let info = OpInfo("shrinking", family: .pointwise, formula: "")
        static var samples: [Sample] { [] }
        func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
            TensorSpec([-1, -1], .float32)
        }
        func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {}
    }

    @Test("an operator that gives negative sizes, and one without operands, are refused")
    func operators() {
        let error = tensorError { _ = apply(Shrinking(), Operands(one)) }
        #expect(error?.description == "shrinking: a result of shape [-1, -1] has a negative size")
        #expect(tensorError { _ = Exp()([]) }?.kind == .argument)
    }

    /// x y, whose derivative for x fails.
    private struct Failing: Function {
        func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
            [inputs[0] * inputs[1]]
        }
        func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
            [Tensor.zeros([2]) + Tensor.zeros([3]), gradOutputs[0]]
        }
    }

    /// x, with a gradient that somebody else made.
    private struct Foreign: Function {
        let gradient: Tensor
        func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
            [inputs[0] * 1]
        }
        func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
            [gradient]
        }
    }

    @Test("gradients without memory are not added to")
    func gradients() {
        let x = Tensor([1.0, 2], requiresGrad: true)
        #expect(tensorError { Failing().apply(x, x).sum().backward() }?.kind == .shape)
        let y = x * x
        y.gradFn?.registerHook { gradients, _ in [gradients[0], gradients[1]?.to(.meta)] }
        #expect(tensorError { y.sum().backward() }?.kind == .device)
        var broken = one
        _ = tensorError { broken = Tensor.zeros([2]) + Tensor.zeros([3]) }
        let bias = Tensor([0.5], requiresGrad: true)
        let z = conv1d(Tensor.ones([1, 1, 3]), Tensor.ones([1, 1, 2]), bias: bias)
        let foreign = Foreign(gradient: broken)
        #expect(tensorError { foreign.apply(z).sum().backward() }?.kind == .argument)
        #expect(x.grad == nil && bias.grad == nil)
    }

    @Test("classes that a hook on saved tensors makes up are refused")
    func classes() {
        let logits = Tensor([[1.0, 2]], requiresGrad: true)
        let error = tensorError {
            savedTensorsHooks(
                pack: { (tensor: Tensor) in tensor },
                unpack: { (tensor: Tensor) in
                    tensor.dtype == .int64 ? tensor + (1 << 20) : tensor
                }
            ) { crossEntropy(logits, Tensor([1])).backward() }
        }
        #expect(error?.kind == .index)
    }

    @Test("a node's hook reads the gradient that the node is added to")
    func reentry() {
        let x = Tensor([1.0, 2], requiresGrad: true)
        let error = tensorError {
            withNodeCreationHook({ _ in _ = x.grad }) {
                for _ in 0..<2 { (x * x).sum().backward(createGraph: true) }
            }
        }
        #expect(error == nil)
        #expect(x.grad?.detach().array(as: Double.self) == [4, 8])
    }

    @Test("a check of derivatives refuses other outputs the second time, and too many")
    func checks() {
        let x = Tensor([1.0], dtype: .float64, requiresGrad: true)
        var calls = 0
        let fewer = { (xs: [Tensor]) -> [Tensor] in
            calls += 1
            return calls == 1 ? [xs[0] * 2, xs[0] * 3] : [xs[0] * 2]
        }
        #expect(tensorError { gradcheck(fewer, [x]) }?.kind == .argument)
        let many = { (xs: [Tensor]) -> [Tensor] in [xs[0].expand([1 << 40])] }
        #expect(tensorError { gradcheck(many, [x]) }?.kind == .argument)
        #expect(tensorError { gradcheck(many, [x], fastMode: true) }?.kind == .argument)
    }
}
