public import AdjointCore

/// Images in a folder that has a folder for each class: `root/cat/1.png`, `root/dog/x/2.jpg`.
/// An example is an image, uint8 [channels, height, width], and the number of its class, int64.
///
/// ```swift
/// let images = try ImageFolder("flowers").map(inputs: Compose(Resize([64, 64]), ToFloat()))
/// for (x, y) in DataLoader(images, batchSize: 32, shuffle: true, workers: 2) { ... }
/// ```
///
/// An image is read when its example is asked for, and throws a `DataFileError` where it is
/// damaged.
public struct ImageFolder: Dataset {
    /// The names of the folders, sorted by their bytes; a class's number is its place here.
    public let classes: [String]
    /// The number of each class.
    public let classToIndex: [String: Int]
    /// The files with the numbers of their classes: class by class, then by name.
    public let samples: [(path: String, target: Int)]
    /// Which channels images are read with.
    public let mode: ImageMode

    private static let endings = [".png", ".jpg", ".jpeg"]

    /// - Parameters:
    ///   - root: The folder of the classes. Files whose names end with `.png`, `.jpg` or `.jpeg`,
    ///     in letters of either case, are taken, at any depth; hidden ones are left out.
    ///   - mode: Which channels images are read with.
    /// - Throws: `DataFileError` where a folder cannot be read, has no folders of classes, or a
    ///   class has no images.
    public init(_ root: String, mode: ImageMode = .rgb) throws {
        let folders = try Folder.entries(root).filter(\.isFolder)
        if folders.isEmpty {
            throw DataFileError(
                path: root, problem: "there are no folders of classes in this folder",
                advice: "put the images of each class into a folder named after it")
        }
        var samples: [(path: String, target: Int)] = []
        for (target, folder) in folders.enumerated() {
            let path = "\(root)/\(folder.name)"
            let files = try Self.images(in: path, within: [folder.identity])
            if files.isEmpty {
                throw DataFileError(
                    path: path, problem: "there are no images of this class",
                    advice:
                        "put files into it that end with \(Self.endings.joined(separator: ", ")), "
                        + "or remove the folder")
            }
            samples += files.map { ($0, target) }
        }
        classes = folders.map(\.name)
        classToIndex = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        self.samples = samples
        self.mode = mode
    }

    public var count: Int { samples.count }

    public subscript(i: Int) -> (Tensor, Tensor) {
        get throws {
            let sample = try samples.example(at: i)
            return (try loadImage(from: sample.path, mode: mode), Tensor(Int64(sample.target)))
        }
    }

    /// The images below a folder. A link that leads back to one of the folders around it is left
    /// out.
    private static func images(
        in path: String, within folders: [[UInt64]]
    ) throws(DataFileError) -> [String] {
        var files: [String] = []
        for entry in try Folder.entries(path) {
            let whole = "\(path)/\(entry.name)"
            if entry.isFolder {
                if folders.contains(entry.identity) { continue }
                files += try images(in: whole, within: folders + [entry.identity])
            } else if endings.contains(where: { entry.name.lowercased().hasSuffix($0) }) {
                files.append(whole)
            }
        }
        return files
    }
}
