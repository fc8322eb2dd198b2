namespace Gatehouse.Web;

/// <summary>A part of an application with routes of its own, put under a prefix by <see cref="RouteGroup.Mount"/>.</summary>
public interface IModule
{
    /// <summary>Maps the routes; patterns begin behind the module's prefix.</summary>
    void Map(RouteGroup routes);
}
