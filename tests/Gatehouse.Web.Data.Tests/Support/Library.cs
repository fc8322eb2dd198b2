using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gatehouse.Web.Data.Tests.Support;

/// <summary>Who writes books.</summary>
internal sealed class Author
{
    public int Id { get; set; }

    public string Name { get; set; } = "";

    public List<Book> Books { get; set; } = [];
}

/// <summary>A book.</summary>
internal sealed class Book
{
    public int Id { get; set; }

    public string Title { get; set; } = "";

    public int AuthorId { get; set; }

    public Author? Author { get; set; }

    /// <summary>Changes with each change: who saves an older one is told.</summary>
    public int Edition { get; set; }
}

/// <summary>Two tables with migrations.</summary>
internal sealed class LibraryContext(DbContextOptions<LibraryContext> options) : DbContext(options)
{
    public DbSet<Author> Authors => Set<Author>();

    public DbSet<Book> Books => Set<Book>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Author>().HasIndex(author => author.Name).IsUnique();
        modelBuilder.Entity<Book>().Property(book => book.Edition).IsConcurrencyToken();
    }
}

/// <summary>The first migration.</summary>
[DbContext(typeof(LibraryContext))]
[Migration("20260101000000_Books")]
internal sealed class BooksMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "Authors",
            table => new { Id = Key(table.Column<int>()), Name = table.Column<string>() },
            constraints: table => table.PrimaryKey("PK_Authors", author => author.Id));
        migrationBuilder.CreateTable(
            "Books",
            table => new { Id = Key(table.Column<int>()), Title = table.Column<string>(), AuthorId = table.Column<int>() },
            constraints: table =>
            {
                table.PrimaryKey("PK_Books", book => book.Id);
                table.ForeignKey("FK_Books_Authors", book => book.AuthorId, "Authors", "Id");
            });
    }

    // Each provider looks at its own annotation.
    private static Microsoft.EntityFrameworkCore.Migrations.Operations.Builders.OperationBuilder<Microsoft.EntityFrameworkCore.Migrations.Operations.AddColumnOperation> Key(
        Microsoft.EntityFrameworkCore.Migrations.Operations.Builders.OperationBuilder<Microsoft.EntityFrameworkCore.Migrations.Operations.AddColumnOperation> column) =>
        column.Annotation("Sqlite:Autoincrement", true)
            .Annotation("Npgsql:ValueGenerationStrategy", Npgsql.EntityFrameworkCore.PostgreSQL.Metadata.NpgsqlValueGenerationStrategy.IdentityByDefaultColumn);
}

/// <summary>The second.</summary>
[DbContext(typeof(LibraryContext))]
[Migration("20260201000000_Editions")]
internal sealed class EditionsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("Edition", "Books", defaultValue: 0);
        migrationBuilder.CreateIndex("IX_Authors_Name", "Authors", "Name", unique: true);
    }
}
