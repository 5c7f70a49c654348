public import AdjointCore

/// Images and labels in a pair of IDX files, as MNIST has them, plain or packed with gzip. An
/// example is a uint8 image [1, height, width], and the number of its class, int64.
public struct IDXDataset: Dataset {
    private let rows: TensorDataset

    /// - Throws: `DataFileError` where a file cannot be read or is no IDX file, and where they are
    ///   no images [count, height, width], or [count, channels, height, width], of bytes and as
    ///   many labels [count] of whole numbers.
    public init(images path: String, labels labelPath: String) throws {
        let (images, labels) = (try loadIDX(from: path), try loadIDX(from: labelPath))
        guard images.dtype == .uint8, images.ndim == 3 || images.ndim == 4 else {
            throw DataFileError(
                path: path,
                problem: "images of bytes were expected, but the file holds \(images.dtype) of "
                    + "shape \(images.shape)", advice: "name the images first, then the labels")
        }
        guard labels.ndim == 1, labels.dtype.isInteger else {
            throw DataFileError(
                path: labelPath,
                problem: "one label an image was expected, but the file holds \(labels.dtype) of "
                    + "shape \(labels.shape)", advice: "name the images first, then the labels")
        }
        guard labels.shape[0] == images.shape[0] else {
            throw DataFileError(
                path: labelPath,
                problem: "there are \(labels.shape[0]) labels for \(images.shape[0]) images",
                advice: "name two files that belong together")
        }
        rows = TensorDataset(
            images.ndim == 3 ? images.unsqueeze(1) : images, labels.to(.int64))
    }

    /// All images, [count, 1, height, width].
    public var images: Tensor { rows.inputs }
    /// All labels, [count].
    public var labels: Tensor { rows.targets }
    public var count: Int { rows.count }
    public subscript(i: Int) -> (Tensor, Tensor) { rows[i] }
    public func gather(_ indices: [Int]) -> (Tensor, Tensor)? { rows.gather(indices) }
}
