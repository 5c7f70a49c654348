import Adjoint
import AdjointTesting
import Testing

@Suite struct TransformTests {
    /// [1, 3, 4]: 0 to 11.
    private let image = Tensor.arange(0, 12).reshape(1, 3, 4).to(.float32)

    private func values(_ x: Tensor) -> [Int] { x.array(as: Int.self) }

    @Test func cropsAreWhereTheySay() {
        #expect(values(Crop(top: 1, left: 2, height: 2, width: 2)(image)) == [6, 7, 10, 11])
        #expect(values(Crop(top: -1, left: 3, height: 2, width: 2)(image)) == [0, 0, 3, 0])
        #expect(values(Crop(top: 9, left: 0, height: 1, width: 2)(image)) == [0, 0])
        #expect(values(Crop(top: 0, left: -9, height: 1, width: 2)(image)) == [0, 0])
        #expect(values(CenterCrop([1, 2])(image)) == [5, 6])
        // Half a row goes to the even side: (3 - 2) / 2 is 0, and (4 - 1) / 2 is 2.
        #expect(values(CenterCrop([2, 1])(image)) == [2, 6])
        let larger = CenterCrop(5)(image)
        #expect(larger.shape == [1, 5, 5] && values(larger.sum()) == [66])
        #expect(values(larger[0, 1]) == [0, 1, 2, 3, 0])
        let batch = Tensor.stack([image, image + 100])
        let crop = CenterCrop([1, 2])(batch)
        #expect(crop.shape == [2, 1, 1, 2] && values(crop) == [5, 6, 105, 106])
    }

    @Test func randomCropsReachEveryPlace() {
        withGenerator(seed: 1) {
            let firsts = Set((0..<200).map { _ in values(RandomCrop([2, 2])(image))[0] })
            #expect(firsts == [0, 1, 2, 4, 5, 6])
            let padded = RandomCrop(3, padding: 1, fill: -1)
            let crops = (0..<200).map { _ in padded(image) }
            #expect(crops.allSatisfy { $0.shape == [1, 3, 3] })
            // The border, and what lies a row and a column inside.
            #expect(Set(crops.map { values($0)[0] }).isSubset(of: [-1, 0, 1, 2, 4, 5, 6]))
            #expect(Set(crops.map { values($0)[0] }).isSuperset(of: [-1, 0, 1, 2]))
            #expect(Set(crops.map { values($0)[8] }).contains(-1))
            #expect(RandomCrop([5, 6], padIfNeeded: true)(image).shape == [1, 5, 6])
            let reflected = RandomCrop([5, 6], padding: 1, paddingMode: .reflect)(image)
            #expect(values(reflected) == values(pad(image, [1, 1, 1, 1], mode: .reflect)))
        }
        #expect(throws: TensorError.self) { try catchingTensorErrors { RandomCrop(5)(image) } }
        func drawn() -> [Int] { withGenerator(seed: 9) { values(RandomCrop(2)(image)) } }
        #expect(drawn() == drawn())
    }

    @Test func resizedCropsStayInside() {
        withGenerator(seed: 2) {
            let large = Tensor.rand(3, 40, 30)
            var sums: Set<Float> = []
            for _ in 0..<20 {
                let crop = RandomResizedCrop(8)(large)
                #expect(crop.shape == [3, 8, 8])
                sums.insert(crop.sum().item())
            }
            #expect(sums.count > 15)
            // Nothing fits these proportions: the middle is taken.
            let wide = RandomResizedCrop([2, 2], scale: 1...1, ratio: 3...3)(image)
            #expect(wide.shape == [1, 2, 2])
            #expect(
                values(RandomResizedCrop([3, 4], scale: 1...1, ratio: 4.0 / 3...4.0 / 3)(image))
                    == values(image))
        }
    }

    @Test func flipsExchangeSides() {
        #expect(values(HorizontalFlip()(image)) == [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8])
        #expect(values(VerticalFlip()(image)) == [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3])
        withGenerator(seed: 3) {
            for flip in [RandomHorizontalFlip(), RandomVerticalFlip(0.25)] as [any ImageTransform] {
                let flipped = (0..<400).count { _ in values(flip(image))[0] != 0 }
                let expected = flip is RandomHorizontalFlip ? 200 : 100
                #expect(abs(flipped - expected) < 50)
            }
            #expect((0..<50).allSatisfy { _ in values(RandomHorizontalFlip(0)(image))[0] == 0 })
            #expect((0..<50).allSatisfy { _ in values(RandomVerticalFlip(1)(image))[0] == 8 })
        }
    }

    @Test func sizesKeepProportions() throws {
        #expect(Resize(6)(image).shape == [1, 6, 8])
        #expect(Resize(6)(image.mT).shape == [1, 8, 6])
        #expect(Resize([2, 9])(image).shape == [1, 2, 9])
        #expect(Resize([2, 2])(Tensor.stack([image, image])).shape == [2, 1, 2, 2])
        let smooth = interpolate(
            image.unsqueeze(0), size: [2, 2], mode: .bilinear, antialias: true)
        try expectClose(Resize([2, 2])(image), smooth.squeeze(0), atol: 0, rtol: 0)
        let plain = interpolate(image.unsqueeze(0), size: [2, 2], mode: .bilinear)
        try expectClose(
            Resize([2, 2], antialias: false)(image), plain.squeeze(0), atol: 0, rtol: 0)
        // Weights add up to one, and bytes are rounded.
        let even = Tensor.full([3, 7, 5], 201, dtype: .uint8)
        #expect(Resize([3, 4])(even).dtype == .uint8)
        #expect(Set(values(Resize([3, 4])(even))) == [201])
    }

    @Test func colorsAreChanged() throws {
        let bytes = Tensor([255, 0, 51], shape: [3, 1, 1], dtype: .uint8)
        try expectClose(ToFloat()(bytes).flatten(), Tensor([1, 0, 0.2]))
        #expect(ToFloat()(image).array(as: Float.self) == image.array())
        #expect(ToFloat()(Tensor([32_767], dtype: .int16)).item(as: Float.self) == 1)
        let normal = Normalize(mean: [0.5, 0, 0.1], std: [0.5, 1, 0.1])(ToFloat()(bytes))
        try expectClose(normal.flatten(), Tensor([1, 0, 1]), atol: 1e-6)
        try expectClose(Normalize(mean: [1], std: [2])(image), (image - 1) / 2)
        // 0.2989 * 255 + 0.114 * 51 = 82.03
        #expect(values(Grayscale()(bytes)) == [82])
        #expect(Grayscale(outputChannels: 3)(Tensor.rand(2, 3, 4, 4)).shape == [2, 3, 4, 4])
        #expect(Grayscale()(image).array(as: Float.self) == image.array())
        let both = Compose(ToFloat(), FunctionTransform { $0 * 2 })
        try expectClose(both(bytes).flatten(), Tensor([2, 0, 0.4]))
    }

    @Test func mistakesAreErrors() {
        let uneven = Tensor.rand(2, 4, 4)
        let calls: [() -> Tensor] = [
            { Crop(top: 0, left: 0, height: 0, width: 1)(image) }, { Resize([1, 2, 3])(image) },
            { Resize(0)(image) }, { HorizontalFlip()(Tensor.zeros(3, 3)) },
            { RandomHorizontalFlip(1.5)(image) }, { Grayscale(outputChannels: 2)(image) },
            { Grayscale()(uneven) }, { Normalize(mean: [0, 0, 0], std: [1, 1, 1])(uneven) },
            { Normalize(mean: [0], std: [0])(uneven) }, { Normalize(mean: [], std: [])(uneven) },
            { Normalize(mean: [0], std: [1])(Tensor.zeros([1, 2, 2], dtype: .uint8)) },
            { RandomCrop(2, padding: -1)(image) },
            { RandomResizedCrop(2, scale: 0...1)(image) },
        ]
        for (number, call) in calls.enumerated() {
            #expect(throws: TensorError.self, "\(number)") { try catchingTensorErrors(call) }
        }
    }

    @Test func gradientsPass() {
        let x = Tensor.rand(3, 6, 6, requiresGrad: true)
        let steps = Compose(CenterCrop(4), HorizontalFlip(), Resize(2), Grayscale())
        steps(x).sum().backward()
        #expect(x.grad?[0, 2, 2].item(as: Float.self) ?? 0 > 0)
        #expect(x.grad?[0, 0, 0].item(as: Float.self) == 0)
    }
}
