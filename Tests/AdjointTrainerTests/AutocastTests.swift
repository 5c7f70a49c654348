import Adjoint
import AdjointTesting
import Testing

@Suite struct AutocastTests {
    private let x = withGenerator(seed: 1) { Tensor.randn(6, 4) }
    private let w = withGenerator(seed: 2) { Tensor.randn(4, 5) }

    @Test("products are of half width, sums and losses of float32")
    func lists() {
        autocast {
            #expect(isAutocastEnabled && autocastDType == .bfloat16)
            let half = x.matmul(w)
            #expect(half.dtype == .bfloat16)
            for product in [
                linear(x, w.mT), x.mm(w), x.mv(w[.all, 0]), Tensor.zeros(6, 5).addmm(x, w),
                einsum("ij,jk->ik", x, w),
                conv2d(Tensor.ones(1, 1, 4, 4), Tensor.ones(2, 1, 3, 3), bias: Tensor.ones(2)),
                convTranspose2d(Tensor.ones(1, 1, 4, 4), Tensor.ones(1, 2, 3, 3)),
                scaledDotProductAttention(x, x, half.to(.float32)),
            ] { #expect(product.dtype == .bfloat16) }
            for sum in [
                half.softmax(dim: 1), half.logSoftmax(dim: 1), half.sum(), half.mean(dim: 0),
                half.norm(), half.std(), half.logSumExp(dim: 1), layerNorm(half, [5]),
                crossEntropy(half, Tensor([0, 1, 2, 3, 4, 0])), mseLoss(half, half * 2),
                l1Loss(half, half), binaryCrossEntropyWithLogits(half, half.sigmoid()),
                klDiv(half, half, logTarget: true), softMarginLoss(half, half.sign()),
            ] { #expect(sum.dtype == .float32) }
            // Numbers that stand alone keep their type; those that meet float32 take it.
            #expect(half.relu().dtype == .bfloat16 && (half * 2).dtype == .bfloat16)
            #expect((half + Tensor.ones(5)).dtype == .float32)
            #expect(Tensor.cat([half, Tensor.ones(1, 5)]).dtype == .float32)
            // float64 is somebody's choice.
            let wide = x.to(.float64)
            #expect(wide.matmul(w.to(.float64)).dtype == .float64 && wide.sum().dtype == .float64)
            #expect(Tensor([1, 2]).matmul(Tensor([3, 4])).dtype == .int64)
        }
        #expect(!isAutocastEnabled && autocastDType == nil && x.matmul(w).dtype == .float32)
        #expect(autocast(.float16) { x.matmul(w) }.dtype == .float16)
    }

    @Test("a scope can be switched off inside another, and follows its task")
    func scopes() async {
        autocast {
            autocast(enabled: false) {
                #expect(x.matmul(w).dtype == .float32 && !isAutocastEnabled)
                autocast(.float16) { #expect(x.matmul(w).dtype == .float16) }
            }
            #expect(x.matmul(w).dtype == .bfloat16)
        }
        await autocast {
            await Task.yield()
            #expect(x.matmul(w).dtype == .bfloat16)
            let outside = await Task.detached { isAutocastEnabled }.value
            #expect(!outside)
        }
        struct Stop: Error {}
        #expect(throws: Stop.self) { try autocast { throw Stop() } }
        #expect(!isAutocastEnabled)
        #expect(throws: TensorError.self) {
            try catchingTensorErrors { autocast(.float32) { x.matmul(w) } }
        }
    }

    @Test("numbers are those of rounded operands, and gradients are float32")
    func values() throws {
        let (a, b) = (x.clone().requiresGrad_(), w.clone().requiresGrad_())
        let product = autocast { a.matmul(b) }
        let rounded = x.to(.bfloat16).matmul(w.to(.bfloat16))
        try expectClose(product.detach(), rounded, atol: 0, rtol: 0)
        product.to(.float32).square().sum().backward()
        #expect(a.grad?.dtype == .float32 && b.grad?.dtype == .float32)
        let (p, q) = (x.clone().requiresGrad_(), w.clone().requiresGrad_())
        p.matmul(q).square().sum().backward()
        try expectClose(#require(b.grad), #require(q.grad), atol: 0.3, rtol: 0.03)
    }

    private func network() -> Sequential {
        withGenerator(seed: 3) { Sequential(Linear(4, 16), Tanh(), LayerNorm([16]), Linear(16, 2)) }
    }

    @Test("backward gives the same inside of the scope and outside")
    func backwardAnywhere() {
        let (inside, outside) = (network(), network())
        let y = Tensor([0, 1, 0, 1, 0, 1])
        autocast { crossEntropy(inside(x), y).backward() }
        let loss = autocast { crossEntropy(outside(x), y) }
        #expect(loss.dtype == .float32)
        loss.backward()
        for (p, q) in zip(inside.parameters(), outside.parameters()) {
            #expect(p.grad?.dtype == .float32)
            #expect(p.grad!.array(as: Float.self) == q.grad!.array(as: Float.self))
        }
    }

    @Test("a checkpointed block is run again in the types of its first run")
    func checkpoints() {
        let (plain, checked) = (network(), network())
        let input = x.clone().requiresGrad_()
        let a = autocast { plain(input).square().sum() }
        let b = autocast { checkpoint({ checked($0) }, input).square().sum() }
        #expect(a.item(as: Float.self) == b.item(as: Float.self))
        a.backward()
        b.backward()
        for (p, q) in zip(plain.parameters(), checked.parameters()) {
            #expect(p.grad!.array(as: Float.self) == q.grad!.array(as: Float.self))
        }
    }

    @Test("transforms and batches compute in the types of the scope too")
    func transforms() throws {
        let each = autocast { vmap { (row: Tensor) in row.matmul(w) }(x) }
        let whole = autocast { x.matmul(w) }
        #expect(each.dtype == .bfloat16)
        try expectClose(each, whole, atol: 0.02)
        let slope = autocast { grad { (v: Tensor) in v.matmul(w).sum() }(x[0]) }
        #expect(slope.dtype == .float32)
        try expectClose(slope, w.sum(dim: 1), atol: 0.05)
        let moved = autocast { jvp({ $0.matmul(w) }, x, Tensor.onesLike(x)) }
        #expect(moved.value.dtype == .bfloat16)
        try expectClose(moved.tangent, Tensor.onesLike(x).matmul(w), atol: 0.05)
    }

    @Test("layers of every kind work inside of the scope")
    func layers() throws {
        let images = withGenerator(seed: 4) { Tensor.randn(2, 3, 8, 8) }
        let words = withGenerator(seed: 5) { Tensor.randn(2, 5, 8) }
        let vision = Sequential(
            Conv2d(3, 4, kernelSize: 3, padding: 1), BatchNorm2d(4), ReLU(), MaxPool2d(2),
            ConvTranspose2d(4, 2, kernelSize: 2, stride: 2), GELU(), AvgPool2d(2), Flatten(),
            Dropout(0.1), Linear(32, 3), LogSoftmax(dim: 1))
        let encoder = TransformerEncoderLayer(8, 2, dimFeedforward: 16, batchFirst: true)
        let (lstm, gru) = (LSTM(8, 4, batchFirst: true), GRU(8, 4, batchFirst: true))
        func run() -> Tensor {
            vision(images).sum() + encoder(words).sum() + lstm(words).output.sum()
                + gru(words).output.sum()
                + RMSNorm([8])(words).sum() + GroupNorm(1, 3)(images).sum()
        }
        let loss = autocast { run() }
        #expect(loss.dtype == .float32 && loss.item(as: Float.self).isFinite)
        loss.backward()
        for module in [vision, encoder, lstm, gru] as [any Module] {
            for (name, parameter) in module.namedParameters() {
                #expect(parameter.grad?.dtype == .float32, "\(type(of: module)) \(name)")
            }
        }
        vision.eval()
        #expect(autocast { vision(images) }.dtype == .float32)
    }

    @Test("a network learns in mixed precision, with its parameters in float32")
    func training() throws {
        let bench = Workbench(64)
        let trainer = Trainer(
            bench.model, Adam(bench.model.parameters(), learningRate: 0.02), maxEpochs: 30,
            mixedPrecision: .bfloat16, metrics: ["accuracy": Accuracy()],
            loss: { x, y in
                #expect(isAutocastEnabled && x.dtype == .bfloat16)
                return crossEntropy(x, y)
            })
        let history = try withGenerator(seed: 5) {
            try trainer.fit(bench.loader, validation: bench.validation)
        }
        #expect(history["train_loss"].last! < 0.3 && history["train_loss"][0] > 0.5)
        #expect(bench.model.parameters().allSatisfy { $0.dtype == .float32 })
        #expect(bench.model.parameters().allSatisfy { $0.grad?.dtype == .float32 })
    }
}
