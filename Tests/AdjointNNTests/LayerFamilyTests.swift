import Adjoint
import AdjointTesting
import Testing

/// What recorded layers cannot show: chance, round trips and refusals.
@Suite struct LayerFamilyTests {
    private func input(_ shape: Int...) -> Tensor {
        withGenerator(seed: 5) { Tensor.randn(shape, dtype: .float64) }
    }

    @Test("dropouts of channels take all or nothing of a channel")
    func channelsDrop() {
        func shares(_ layer: some Layer, _ shape: [Int], over dims: [Int]) -> Set<Float> {
            let y = withGenerator(seed: 6) { layer(Tensor.ones(shape)) }
            return Set(y.mean(dim: dims).array(as: Float.self))
        }
        #expect(shares(Dropout1d(0.5), [8, 16, 5], over: [2]) == [0, 2])
        #expect(shares(Dropout1d(0.5), [64, 5], over: [1]) == [0, 2])
        #expect(shares(Dropout2d(0.75), [8, 16, 3, 3], over: [2, 3]) == [0, 4])
        #expect(shares(Dropout3d(0.5), [8, 8, 2, 3, 2], over: [2, 3, 4]) == [0, 2])
        let x = Tensor.ones(2, 3, 4)
        #expect(Dropout2d(0.5).eval()(x) === x)
        for wrong in [[3], [2, 3, 4, 5]] {
            #expect { try catchingTensorErrors { Dropout1d()(Tensor.ones(wrong)) } } throws: {
                ($0 as? TensorError)?.kind == .shape
            }
        }
        #expect { try catchingTensorErrors { AlphaDropout(1.5)(x) } } throws: {
            ($0 as? TensorError)?.kind == .argument
        }
    }

    @Test("alpha dropout keeps mean and variance")
    func alphaDropoutKeepsMoments() {
        withGenerator(seed: 7) {
            let x = Tensor.randn(200, 500)
            for y in [AlphaDropout(0.3)(x), FeatureAlphaDropout(0.3)(x)] {
                #expect(abs(y.mean().item(as: Double.self)) < 0.02)
                #expect(abs(y.std().item(as: Double.self) - 1) < 0.02)
                #expect((y - x).abs().max().item(as: Double.self) > 0.1)
            }
        }
    }

    @Test("a max pool's values go back to their places")
    func unpooling() throws {
        let x = input(2, 3, 6, 4)
        let (values, indices) = MaxPool2d(2).withIndices(x)
        try expectClose(values, MaxPool2d(2)(x))
        let back = MaxUnpool2d(2)(values, indices, outputSize: [6, 4])
        let kept = back .!= 0
        #expect(kept.sum().item(as: Int.self) == values.numel)
        try expectClose(back, Tensor.where(kept, x, 0))
        let (most, places) = AdaptiveMaxPool1d(1).withIndices(x[0, 0])
        try expectClose(most, x[0, 0].amax(dim: -1, keepDim: true))
        try expectClose(places, x[0, 0].argmax(dim: -1).unsqueeze(-1))
    }

    @Test("sizes of adaptive pools may be the input's")
    func adaptiveSizes() {
        let x = input(1, 2, 4, 6, 3)
        #expect(AdaptiveAvgPool3d([nil, 2, 1])(x).shape == [1, 2, 4, 2, 1])
        #expect(AdaptiveMaxPool3d(2)(x).shape == [1, 2, 2, 2, 2])
        #expect(AdaptiveAvgPool1d([nil])(x[0, 0]).shape == [4, 6, 3])
        #expect(AvgPool3d(2)(x).shape == [1, 2, 2, 3, 1])
        #expect(MaxPool1d(kernelSize: 2, stride: 1)(x[0, 0]).shape == [4, 6, 2])
        #expect { try catchingTensorErrors { AvgPool1d(2, divisorOverride: 3)(x[0, 0]) } } throws: {
            ($0 as? TensorError)?.kind == .argument
        }
    }

    @Test("pools of powers are norms")
    func powerPools() throws {
        let x = input(1, 2, 6).abs()
        let y = LPPool1d(3, 2)(x)
        try expectClose(y, x.reshape(1, 2, 3, 2).norm(3, dim: 3))
        #expect(
            LPPool3d(2, 2)(Tensor.ones(1, 1, 2, 2, 2)).item(as: Float.self) == Float(8).squareRoot()
        )
    }

    @Test("convolutions take what stands around their input")
    func paddingModes() throws {
        let x = input(1, 2, 7)
        let zeros = Conv1d(2, 3, kernelSize: 4, padding: .valid, dilation: 2, dtype: .float64)
        for mode in [PaddingMode.reflect, .replicate, .circular] {
            let same = Conv1d(
                2, 3, kernelSize: 4, padding: .same, dilation: 2, paddingMode: mode,
                dtype: .float64)
            try same.loadStateDict(zeros.stateDict())
            try expectClose(same(x), zeros(pad(x, [3, 3], mode: mode)))
        }
        let wrong = Conv2d(1, 1, kernelSize: 3, padding: [1, 1, 1], paddingMode: .reflect)
        #expect { try catchingTensorErrors { wrong(Tensor.ones(1, 1, 5, 5)) } } throws: {
            $0 is TensorError
        }
    }

    @Test("a transposed convolution gives the size that is asked for")
    func outputSizes() throws {
        let layer = ConvTranspose2d(2, 3, kernelSize: 3, stride: 2, padding: 1, dtype: .float64)
        let x = input(1, 2, 4, 4)
        #expect(layer(x).shape == [1, 3, 7, 7])
        let larger = layer(x, outputSize: [8, 7])
        #expect(larger.shape == [1, 3, 8, 7])
        try expectClose(larger[.all, .all, 0..<7], layer(x))
        for size in [[9, 7], [6, 7], [8]] {
            #expect { try catchingTensorErrors { layer(x, outputSize: size) } } throws: {
                ($0 as? TensorError)?.kind == .argument
            }
        }
    }

    @Test("padding goes around, and counts must fit")
    func paddingLayers() {
        let x = Tensor([[1.0, 2, 3]])
        #expect(ConstantPad1d([1, 0], 7)(x).array(as: Float.self) == [7, 1, 2, 3])
        #expect(ReplicationPad1d(1)(x).array(as: Float.self) == [1, 1, 2, 3, 3])
        #expect(CircularPad1d([0, 2])(x).array(as: Float.self) == [1, 2, 3, 1, 2])
        #expect(ZeroPad3d(1)(Tensor.ones(1, 1, 1, 1)).shape == [1, 3, 3, 3])
        #expect {
            try catchingTensorErrors { ReflectionPad2d([1, 2])(Tensor.ones(1, 4, 4)) }
        } throws: { ($0 as? TensorError)?.kind == .argument }
    }

    @Test("running statistics of samples take the place of their own in evaluation")
    func instanceStatistics() throws {
        let layer = InstanceNorm1d(
            3, momentum: 1, affine: true, trackRunningStats: true, dtype: .float64)
        let x = input(2, 3, 5)
        let own = InstanceNorm1d(3, dtype: .float64)
        try expectClose(layer(x), own(x))
        let mean = try #require(layer.stateDict()["running_mean"])
        try expectClose(mean, x.mean(dim: [0, 2]))
        layer.eval()
        #expect((layer(x) - own(x)).abs().max().item(as: Double.self) > 1e-3)
        try expectClose(own(x[0]), own(x)[0])
        #expect { try catchingTensorErrors { own(Tensor.ones(2, 4, 5)) } } throws: {
            ($0 as? TensorError)?.kind == .shape
        }
    }

    @Test("containers name their parts, in PyTorch's way")
    func containers() {
        let list = ModuleList(Linear(2, 3), Linear(3, 1, bias: false))
        #expect(list.namedParameters().map(\.name) == ["0.weight", "0.bias", "1.weight"])
        #expect(list.count == 2 && (list[1] as? Linear)?.bias == nil)
        let named = ModuleDict(["b": ReLU(), "a": PReLU(), "b": PReLU(2)])
        #expect(named.keys == ["b", "a"] && named.count == 2 && named["c"] == nil)
        #expect(named.namedParameters().map(\.name) == ["b.weight", "a.weight"])
        let weights = ParameterList([Parameter(Tensor.ones(1)), Parameter(Tensor.ones(2))])
        #expect(weights.parameters().count == 2 && weights[1].numel == 2)
        let dict = ParameterDict(["w": Parameter(Tensor.ones(1)), "b": Parameter(Tensor.ones(2))])
        #expect(dict.namedParameters().map(\.name) == ["b", "w"])
    }

    @Test("names that are operations too mean the layers")
    func names() {
        let layers: [any Layer] = [
            Mish(), Hardswish(), Hardsigmoid(), LogSigmoid(), Softplus(beta: 2), Hardtanh(),
            Softmax(dim: 1), LogSoftmax(dim: 1), Softmin(dim: 1), Softmax2d(),
        ]
        let mish = Mish()
        #expect(mish(Tensor([0.0])).item(as: Float.self) == 0 && layers.count == 10)
        let patches = Unfold(2)
        #expect(patches(Tensor.ones(1, 1, 3, 3)).shape == [1, 4, 4])
        #expect(
            Fold([3, 3], 2)(patches(Tensor.ones(1, 1, 3, 3)))[0, 0, 1, 1].item(as: Float.self) == 4)
        #expect { try catchingTensorErrors { Softmax2d()(Tensor.ones(2)) } } throws: {
            $0 is TensorError
        }
    }

    @Test("losses hold their weights as state")
    func lossWeights() throws {
        let loss = CrossEntropyLoss(weight: Tensor([1.0, 2.0, 0.5]), reduction: .sum)
        #expect(Array(loss.stateDict().keys) == ["weight"] && loss.parameters().isEmpty)
        let (x, classes) = (input(4, 3).to(.float32), Tensor([0, 2, 1, 1]))
        let weight = Tensor([1.0, 2.0, 0.5])
        try expectClose(loss(x, classes), crossEntropy(x, classes, weight: weight, reduction: .sum))
        let binary = BCEWithLogitsLoss(posWeight: Tensor([3.0]))
        #expect(Array(binary.stateDict().keys) == ["pos_weight"])
        let seen = Tensor.ones(2, 3)
        loss.registerForwardHook { _, _, outputs in [outputs[0] * 0] }
        #expect(loss(seen, Tensor([0, 1])).item(as: Float.self) == 0)
    }
}
