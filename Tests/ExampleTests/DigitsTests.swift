import Adjoint
import AdjointExamples
import Testing

@Suite struct DigitsTests {
    @Test func theImagesAreAllThere() {
        let (pixels, labels) = DigitImages.load()
        #expect(labels.count == 1_797 && pixels.count == 1_797 * 64)
        #expect(pixels.reduce(0, +) == 561_718 && labels.reduce(0, +) == 8_070)
        let images = DigitImages.dataset()
        #expect(images.inputs.shape == [1_797, 1, 8, 8])
        #expect(images.inputs.max().item() as Double == 1)
        #expect(images.targets.dtype == .int64)
    }

    @Test func theNetworkLearnsToRead() {
        var training = DigitsTraining()
        training.epochs = 4
        var accuracies: [Double] = []
        var steps: [Int] = []
        let (model, accuracy) = training.run { progress in
            steps.append(progress.step)
            progress.measured.map { accuracies.append($0) }
            return true
        }
        #expect(steps == Array(1...88))
        #expect(accuracies.count == 4 && accuracies.last == accuracy)
        #expect(accuracy >= 0.96)
        #expect(model(DigitImages.dataset().inputs[0..<3]).shape == [3, 10])
    }

    @Test func itStopsWhenTold() {
        let training = DigitsTraining()
        var last = 0
        let result = training.run { progress in
            last = progress.step
            return progress.step < 3
        }
        #expect(last == 3)
        #expect(result.accuracy < 0.9)
    }
}
