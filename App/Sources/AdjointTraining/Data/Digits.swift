/// The 1,797 handwritten digits that come with the command, so that a first run needs no download.
public enum Digits {
    /// The width and the height of an image.
    public static let side = 8
    /// The darkest value of a pixel; 0 is paper.
    public static let fullInk = 16

    /// All images in their original order, pixels from 0 to 16, labels 0 to 9.
    public static func load() -> ExampleSet {
        let pixelCount = side * side
        var features: [Float] = []
        var labels: [Int] = []
        text.withUTF8Buffer { bytes in
            let lineLength = pixelCount + 2
            let count = (bytes.count + 1) / lineLength
            features.reserveCapacity(count * pixelCount)
            labels.reserveCapacity(count)
            for start in stride(from: 0, to: count * lineLength, by: lineLength) {
                for byte in bytes[start..<(start + pixelCount)] {
                    features.append(Float(value(ofDigit: byte)))
                }
                labels.append(value(ofDigit: bytes[start + pixelCount]))
            }
        }
        return ExampleSet(
            features: features, shape: [1, side, side], labels: labels,
            classNames: (0...9).map(String.init),
            columnNames: (0..<pixelCount).map { "p\($0)" })
    }

    private static func value(ofDigit byte: UInt8) -> Int {
        byte <= UInt8(ascii: "9")
            ? Int(byte) - Int(UInt8(ascii: "0")) : Int(byte) - Int(UInt8(ascii: "a")) + 10
    }
}
