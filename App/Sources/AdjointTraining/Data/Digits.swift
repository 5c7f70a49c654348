import AdjointExamples

/// The 1,797 handwritten digits that come with the command, so that a first run needs no download.
public enum Digits {
    /// All images in their original order, pixels from 0 to 16, labels 0 to 9.
    public static func load() -> ExampleSet {
        let (pixels, labels) = DigitImages.load()
        let side = DigitImages.side
        return ExampleSet(
            features: pixels, shape: [1, side, side], labels: labels,
            classNames: (0...9).map(String.init),
            columnNames: (0..<(side * side)).map { "p\($0)" })
    }
}
