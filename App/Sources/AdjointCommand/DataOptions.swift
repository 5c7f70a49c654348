import AdjointTraining
import ArgumentParser

/// The options that name data.
struct DataOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A CSV file of numbers, plain or gzip.", valueName: "file"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "The column of the CSV file that holds the classes.", valueName: "column"))
    var label: String?

    @Option(
        help: ArgumentHelp(
            "An IDX file of images, as MNIST has them, plain or gzip.", valueName: "file"))
    var images: String?

    @Option(help: ArgumentHelp("The IDX file of the images' classes.", valueName: "file"))
    var labels: String?

    func validate() throws {
        if data != nil, images != nil {
            throw ValidationError("--data and --images exclude each other; give one of them")
        }
        if label != nil, data == nil { throw ValidationError("--label needs --data") }
        if labels != nil, images == nil { throw ValidationError("--labels needs --images") }
    }

    /// Nil where no data are named.
    var source: DataSource? {
        if let data { return .table(path: data, label: label) }
        if let images { return .images(path: images, labels: labels) }
        return nil
    }

    /// Refuses data whose classes are not named.
    func requireLabels() throws {
        if data != nil, label == nil {
            throw ValidationError("--data needs --label, the column that holds the classes")
        }
        if images != nil, labels == nil {
            throw ValidationError("--images needs --labels, the file that holds the classes")
        }
    }
}
